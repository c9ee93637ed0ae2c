"""The records around the models: each is sourced, and its days agree with the catalogue."""

import shutil

import pandas as pd
import pytest

from openllms import catalog
from openllms.catalog import society
from openllms.catalog.society import records
from openllms.datafiles import read


@pytest.mark.parametrize("name", society.TABLES)
def test_every_record_says_where_it_was_read(name):
    table = society.table(name)
    assert len(table) >= 5
    assert table[["source", "address", "place"]].map(len).min(axis=None) > 0
    assert table.address.str.startswith("https://").all()
    assert {source.read.year for source in society.load(name).sources.values()} <= {2026}


def test_a_fault_is_told_after_it_began():
    faults = society.table("faults")
    assert (faults.told > faults.began).all()
    assert set(faults.kind) == {"open", "service"}


def test_a_service_ends_after_it_began():
    lifetimes = society.table("lifetimes")
    assert (lifetimes.ends > lifetimes.released).all()
    assert set(lifetimes.weights) == {True, False}


@pytest.mark.parametrize("name", ["summaries", "lifetimes"])
def test_days_agree_with_the_catalogue(name):
    releases = catalog.table()
    for _, row in society.table(name).iterrows():
        if row.model in releases.index:
            assert releases.date[row.model] == row.released, row.model


def test_a_summary_that_nobody_found_has_no_day():
    summaries = society.table("summaries").set_index("model").summary
    assert pd.isna(summaries["GPT-5"])
    assert summaries["Apertus 70B"] == pd.Timestamp(2025, 9, 1)


def test_an_unknown_table_is_refused():
    with pytest.raises(KeyError, match="did you mean 'faults'"):
        society.table("fault")


def test_a_source_that_nothing_cites_is_refused(tmp_path):
    path = tmp_path / "funding.yaml"
    shutil.copy(records.DATA / "funding.yaml", path)
    path.write_text(path.read_text().replace("source: omai", "source: aial"))
    with pytest.raises(catalog.DataError, match=r"do not belong together: omai"):
        read(path, society.TABLES["funding"])


def test_what_lesson_1_says_of_the_summaries():
    summaries = society.table("summaries")
    assert (len(summaries), summaries.summary.notna().sum()) == (11, 6)
    new = summaries[summaries.released >= pd.Timestamp(2025, 8, 2)]
    in_time = new[new.summary <= new.released]
    assert (len(new), new.summary.isna().sum()) == (9, 5)
    assert set(in_time.model) == {"Apertus 70B", "Grok 4.5"}


def test_what_lesson_1_says_of_faults_and_services():
    faults = society.table("faults")
    days = (faults.told - faults.began).dt.days
    assert days.groupby(faults.kind).median().to_dict() == {"open": 75.5, "service": 23.0}
    assert sorted(days[faults.kind == "open"])[:2] == [3, 9]
    lifetimes = society.table("lifetimes")
    assert (lifetimes.ends - lifetimes.released).dt.days.median() == 429
    assert set(lifetimes.model[~lifetimes.weights]) == {"o3", "GPT-5"}


def test_what_lesson_5_says_of_the_families():
    releases = catalog.table()
    named = set(releases.languages["EuroLLM-9B-Instruct-2512"].split(", "))
    assert {"Maltese", "Irish", "Estonian"} < named
    assert len(named) == 35
    assert releases.parameters["Gemma 4 E2B"] == 5_100_000_000
    agents = releases[releases.family.isin(["GLM", "Kimi", "MiniMax"])]
    assert agents.parameters.min() == 106_000_000_000
    whole = releases[
        releases.family.isin(["Apertus", "SmolLM3"]) | releases.index.str.match("OLMo 3")
    ]
    assert whole.training_data.all()
    assert whole.intermediate_checkpoints.all()
