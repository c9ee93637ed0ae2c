"""The catalogue's data, its tables, and the errors of a wrong data file."""

import datetime
import time

import pandas as pd
import pytest
from typer.testing import CliRunner

from openllms import anatomy, catalog
from openllms.catalog import loading
from openllms.catalog.loading import DATA
from openllms.catalog.loading import load as load_folder
from openllms.catalog.schema import Family
from openllms.cli import app
from openllms.datafiles import display, read

# What lesson 1 speaks of: each name begins the name of a release, or is one.
MET_IN_LESSON_1 = [
    "ChatGPT",
    "GPT-3.5",
    "GPT-4",
    "Claude",
    "Claude 2",
    "Bard",
    "Llama 2",
    "Granite",
    "Mistral",
    "OLMo-7B",
    "Alpaca",
    "BLOOM",
    "LLaMA",
    "HuggingChat",
    "Whisper",
    "DALL-E",
    "Midjourney",
    "Stable Diffusion",
]

GOOD = """\
family: Toy
sources:
  paper: {title: The toy paper, url: "https://example.org/paper", read: 2026-01-31}
releases:
  - name: Toy-1
    date: {value: 2024-02, source: paper, at: title page}
    parameters: {value: 1_000, source: paper, at: table 1}
    artefacts:
      weights: {value: true, source: paper, at: section 2}
"""


@pytest.fixture
def folder(tmp_path):
    """Write a data folder of one file and return its path."""

    def write(text: str):
        (tmp_path / "toy.yaml").write_text(text)
        return tmp_path

    return write


def test_enough_releases_with_unique_names():
    names = [release.name for release in catalog.load()]
    assert len(names) >= 20
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", MET_IN_LESSON_1)
def test_what_lesson_1_speaks_of_is_there(name):
    names = [release.name for release in catalog.load()]
    assert any(known == name or known.startswith(f"{name} ") for known in names)


@pytest.mark.parametrize("release", catalog.load(), ids=lambda release: release.name)
def test_every_field_has_a_source_with_a_place(release, root):
    facts = dict(release.facts())
    assert facts, "a release about which nothing is known tells a learner nothing"
    for fact in facts.values():
        source = release.source(fact)
        assert source.title
        assert source.url.startswith("http") or (root / source.url).exists()
        assert fact.at
    listed = catalog.sources(release.name)
    assert list(listed.field) == list(facts)
    assert listed.notna().all(axis=None)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_source_of_a_family_is_used(path):
    family = read(path, Family)
    used = {fact.source for release in family.releases for _, fact in release.facts()}
    assert set(family.sources) == used


@pytest.mark.parametrize("name", anatomy.names())
def test_counts_of_the_catalogue_are_those_of_the_real_class(name):
    releases = {release.name.lower().replace(" ", "-"): release for release in catalog.load()}
    release = releases[name]
    config = anatomy.config(name)
    counted = anatomy.parameters(config)
    assert release.parameters.value == counted.total
    if counted.active != counted.total:
        assert release.active_parameters.value == counted.active
    if release.vocabulary:  # the embedding may be padded to a round number of rows
        assert config.vocab_size - 128 < release.vocabulary.value <= config.vocab_size


def test_a_release_knows_its_family_and_base():
    release = catalog.find("Alpaca 7B")
    assert release.family == "Llama"
    assert release.base.value == "LLaMA 7B"
    with pytest.raises(KeyError, match=r"did you mean .*'Alpaca 7B'"):
        catalog.find("Alpaca")


def test_table_has_plain_values_with_nullable_types():
    table = catalog.table()
    assert table.index.name == "name"
    assert table.index.is_unique
    assert list(table.columns[-len(catalog.ARTEFACTS) :]) == list(catalog.ARTEFACTS)
    assert table.loc["Mixtral 8x7B", "active_parameters"] == 12_879_925_248
    assert table.loc["Llama 2 70B", "date"] == pd.Timestamp(2023, 7, 18)
    assert table.loc["Llama 2 70B", "licence"] == "llama-2"
    assert bool(table.loc["Llama 2 70B", "weights"])
    assert not table.loc["LLaMA 65B", "weights"]
    assert pd.isna(table.loc["Mistral 7B v0.1", "training_tokens"])
    assert table.parameters.dtype == "Int64"
    assert (table[list(catalog.ARTEFACTS)].dtypes == "boolean").all()
    assert (table.training_data & table.weights).sum() > 0  # missing values do not get in the way


def test_table_can_be_changed_without_changing_the_catalogue():
    table = catalog.table()
    table["licence"] = "none"
    assert (catalog.table().licence != "none").all()


def test_reading_everything_takes_well_below_a_second():
    loading._families.cache_clear()
    start = time.process_time()
    catalog.table()
    assert time.process_time() - start < 1


def test_sources_say_where_each_value_stands():
    sources = catalog.sources("Pythia-6.9B").set_index("field")
    assert sources.loc["training_tokens", "value"] == 299_892_736_000
    assert sources.loc["training_tokens", "address"].startswith("https://github.com/EleutherAI/")
    assert sources.loc["training_tokens", "place"] == "section Models, first paragraph"
    with pytest.raises(KeyError, match=r"did you mean 'Pythia-6\.9B'"):
        catalog.sources("Pythia-6.9")


def test_sources_say_how_they_were_read_when_not_at_their_address(folder):
    text = GOOD.replace("read:", 'via: "a copy, example.net", read:')
    (release,) = load_folder(folder(text))
    assert release.source(release.date).cited == "The toy paper (read: a copy, example.net)"
    titles = catalog.sources("OLMo 2 7B")["title"]
    assert titles.str.endswith("(read: abstract only)").any()


def test_every_release_says_when_it_was_last_read():
    for release in catalog.load():
        assert release.last_read <= datetime.date.today(), release.name
        assert release.last_read == catalog.sources(release.name)["read"].min()


def test_a_source_without_the_day_of_its_reading_is_refused(folder):
    with pytest.raises(catalog.DataError, match=r"sources.paper.read: missing"):
        load_folder(folder(GOOD.replace(", read: 2026-01-31", "")))


def test_what_nobody_read_for_long_is_due():
    oldest = min(source.read for _, cited in catalog.entries() for source in cited)
    assert catalog.stale(0, today=oldest).empty
    due = catalog.stale(180, today=oldest + datetime.timedelta(days=181))
    assert set(due["read"]) == {oldest}
    assert set(due["age"]) == {181}
    assert due["sources"].str.len().min() > 0
    everything = catalog.stale(180, today=datetime.date(2100, 1, 1))
    assert list(everything.sort_index().index) == sorted(name for name, _ in catalog.entries())
    assert {"DeepSeek-R1", "licence MIT", "table faults"} < set(everything.index)
    assert everything["age"].is_monotonic_decreasing


def test_the_command_lists_what_is_due_and_counts_the_years(monkeypatch):
    due = catalog.stale(180, today=datetime.date(2100, 1, 1))
    monkeypatch.setattr(catalog, "stale", lambda days: due)
    said = CliRunner().invoke(app, ["catalog", "--stale", "180"]).output
    first = due.iloc[0]
    assert f"{first['read']}  {first['age']} days  {due.index[0]}\n    {first['sources']}" in said
    assert f"{len(due)} of {len(due)} entries were last read more than 180 days ago." in said
    years = CliRunner().invoke(app, ["catalog"]).output.split()
    counts = [int(count) for count in years if count.isdigit() and len(count) < 4]
    assert sum(counts) == len(catalog.load())
    assert "2026" in years


def test_a_month_without_a_day_is_shown_as_a_month():
    table = catalog.table()
    assert table.loc["OLMoE-1B-7B", "released"] == "2024-09"
    assert table.loc["OLMoE-1B-7B", "date"] == pd.Timestamp(2024, 9, 1)
    assert table.loc["Llama 2 70B", "released"] == "2023-07-18"


def test_a_good_file_loads(folder):
    (release,) = load_folder(folder(GOOD))
    assert release.family == "Toy"
    assert release.date.value == "2024-02"
    assert release.source(release.date).read.year == 2026
    assert dict(release.facts()).keys() == {"date", "parameters", "weights"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("parameters:", "parametres:", r"releases\[0\].parametres: unknown field; did you mean "),
        (
            "parameters:",
            "weight:",
            r"releases\[0\].weight: unknown field; there are: active_param",
        ),
        ("weights:", "weight:", r"releases\[0\].artefacts.weight: unknown field; did you mean "),
        ("at: table 1", "place: table 1", r"releases\[0\].parameters.at: missing"),
        (", at: table 1", "", r"releases\[0\].parameters.at: missing"),
        ("at: table 1", 'at: ""', r"releases\[0\].parameters.at: .*at least 1 character"),
        ("source: paper, at: table 1", "at: table 1", r"releases\[0\].parameters.source: missing"),
        ("source: paper, at: table 1", "source: papers, at: table 1", "did you mean 'paper'"),
        ("1_000", '"7B"', r"releases\[0\].parameters.value: .*valid integer \(got '7B'\)"),
        ("1_000", "true", r"releases\[0\].parameters.value: .*valid integer \(got True\)"),
        ("1_000", "0", r"releases\[0\].parameters.value: .*greater than 0"),
        ("{value: 1_000, source: paper, at: table 1}", "1_000", r"releases\[0\].parameters: "),
        ("value: true", "value: maybe", r"artefacts.weights.value: .*valid boolean"),
        ("value: true", "value: 1", r"artefacts.weights.value: .*valid boolean"),
        ("2024-02", "2024-13", r"releases\[0\].date.value: write a date as 2023-02-24"),
        ("2024-02", "2023-02-30", r"releases\[0\].date.value: write a date as 2023-02-24"),
        ("https://example.org/paper", "example.org", r"sources.paper.url: .*pattern"),
        ("read: 2026-01-31", "read: soon", r"sources.paper.read: .*date"),
        ("name: Toy-1", 'name: ""', r"releases\[0\].name: "),
        ("family: Toy", "", "family: missing"),
        (
            "  - name: Toy-1\n",
            "  - name: Toy-1\n    name: Toy-2\n",
            "line 6: 'name' is written twi",
        ),
        ("family: Toy", "family: [", "toy.yaml: line "),
    ],
)
def test_a_wrong_file_is_named_with_the_field(folder, old, new, message):
    assert GOOD.count(old) >= 1
    with pytest.raises(catalog.DataError, match=message) as caught:
        load_folder(folder(GOOD.replace(old, new)))
    assert "toy.yaml: " in str(caught.value)


def test_an_empty_file_is_refused(folder):
    with pytest.raises(catalog.DataError, match=r"toy.yaml: the file: "):
        load_folder(folder(""))


def test_all_problems_are_told_at_once(folder):
    wrong = GOOD.replace("1_000", "many").replace("weights", "weight")
    with pytest.raises(catalog.DataError) as caught:
        load_folder(folder(wrong))
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("base: {value: Toy-0, source: paper, at: x}", "base: no release is called 'Toy-0'; did "),
        ("licence: {value: MITT, source: paper, at: x}", "licence: no licence has the key 'MITT'"),
        ("kind: {value: chatbot, source: paper, at: x}", "kind.value: Input should be 'language "),
    ],
)
def test_names_of_other_things_must_exist(folder, field, message):
    with pytest.raises(catalog.DataError, match=message):
        load_folder(folder(GOOD + f"    {field}\n"))


def test_a_name_stands_once(folder):
    path = folder(GOOD)
    (path / "other.yaml").write_text(GOOD)
    with pytest.raises(catalog.DataError, match=r"toy.yaml: releases\[0\].name: 'Toy-1' stands al"):
        load_folder(path)


def test_a_shipped_file_is_named_from_the_repository_s_root():
    assert display(DATA / "llama.yaml") == "openllms/catalog/data/llama.yaml"
