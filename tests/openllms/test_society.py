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
