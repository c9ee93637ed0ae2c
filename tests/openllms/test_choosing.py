"""Filters over the catalogue, what explains an empty list, the Pareto front, the record."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openllms import catalog, choosing
from openllms.catalog.licences import Use
from openllms.choosing import Need, Record, choose, pareto_front


@pytest.fixture
def table():
    """Five releases: one good, one for each reason to fall out, one of which little is known."""
    rows = {
        "good": ("language model", "dense decoder", 10**9, "Apache-2.0", "English, Portuguese"),
        "big": ("language model", "dense decoder", 10**11, "Apache-2.0", "English, Portuguese"),
        "english": ("language model", "dense decoder", 10**9, "Apache-2.0", "English"),
        "encoder": ("language model", "encoder", 10**9, "Apache-2.0", "English, Portuguese"),
        "dark": ("language model", "dense decoder", None, None, None),
    }
    frame = catalog.table().iloc[:0].reindex(rows)
    for name, values in rows.items():
        for column, value in zip(
            ("kind", "architecture", "parameters", "licence", "languages"), values, strict=True
        ):
            if value is not None:
                frame.loc[name, column] = value
    frame.loc[["good", "big"], "training_data"] = [True, False]
    return frame


NEED = Need(task="write", use=Use(commercial=True), memory_gigabytes=2, language="Portuguese")


def test_each_filter_takes_its_own_and_counts_what_is_not_known(table):
    choice = choose(NEED, table)
    assert list(choice.left.index) == ["good"]
    assert list(choice.steps.left) == [4, 3, 2, 1]
    assert list(choice.steps.not_known) == [0, 1, 0, 0]
    assert choice.emptied_by is None
    assert choice.explanation == "1 left: good."


def test_dropping_one_filter_is_counted(table):
    assert choose(NEED, table).without == {"task": 2, "licence": 1, "memory": 2, "language": 2}


def test_an_empty_result_names_its_filter_and_what_helps(table):
    choice = choose(NEED.model_copy(update={"memory_gigabytes": 0.5}), table)
    assert choice.left.empty
    assert choice.emptied_by == "memory"
    assert '"memory" (weights in int8 within 0.5 GB) let none of the 3 that were left' in (
        choice.explanation
    )
    assert choice.explanation.endswith("leave some: memory (2).")


def test_an_empty_result_says_that_facts_are_missing(table):
    choice = choose(Need(task=None, artefacts=("metrics",)), table)
    assert choice.emptied_by == "metrics"
    assert "Of 5 of them the catalogue does not know it." in choice.explanation


def test_two_filters_in_the_way_are_called_two(table):
    need = NEED.model_copy(update={"memory_gigabytes": 0.1, "language": "Latin"})
    assert "at least two are in the way" in choose(need, table).explanation


def test_a_format_decides_what_fits(table):
    float32 = NEED.model_copy(update={"dtype": "float32"})
    assert choose(float32, table).emptied_by == "memory"
    assert choose(NEED, table).left.weights_gigabytes.tolist() == [1.0]


def test_licences_are_judged_for_the_use():
    use = Use(commercial=True, service="product", field="medical advice")
    without_field = choose(Need(use=use.model_copy(update={"field": "general"})))
    assert "BLOOM" in without_field.left.index
    assert "BLOOM" not in choose(Need(use=use)).left.index


@pytest.mark.parametrize(
    ("task", "there", "not_there"),
    [
        ("find similar texts", "all-MiniLM-L6-v2", "SmolLM2-135M"),
        ("transcribe speech", "Whisper large", "T5-11B"),
        ("make pictures", "Stable Diffusion 1.4", "CodeParrot"),
        ("write", "T5-11B", "BERT Base"),
    ],
)
def test_tasks_over_the_real_catalogue(task, there, not_there):
    left = choose(Need(task=task)).left.index
    assert there in left
    assert not_there not in left


def test_a_need_must_ask_for_something_that_exists():
    with pytest.raises(ValueError, match="set at least one field"):
        choose(Need(task=None))
    with pytest.raises(ValueError, match="no artefact is called 'weight'; did you mean 'weights'"):
        choose(Need(artefacts=("weight",)))
    with pytest.raises(ValueError, match="unknown dtype 'int3'"):
        choose(Need(dtype="int3", memory_gigabytes=1))
    with pytest.raises(ValueError, match="greater than 0"):
        Need(memory_gigabytes=0)


# --- the front ----------------------------------------------------------------------------------

NUMBERS = st.integers(0, 5).map(float)
MODELS = st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(NUMBERS, NUMBERS))


@given(MODELS)
def test_the_front_is_what_nobody_beats(models):
    def beaten(one):
        return any(
            other != one and other[0] <= one[0] and other[1] >= one[1] for other in models.values()
        )

    assert set(pareto_front(models)) == {n for n, one in models.items() if not beaten(one)}


@given(MODELS)
def test_the_front_rises_with_the_price(models):
    front = [models[name] for name in pareto_front(models)]
    assert front == sorted(front)


def test_what_is_not_known_is_refused():
    with pytest.raises(ValueError, match="'x' has no price or no quality"):
        pareto_front({"x": (1.0, float("nan"))})


# --- the record ---------------------------------------------------------------------------------


def test_a_record_is_kept_and_never_overwritten(tmp_path):
    record = Record("Which?").note("task", "Sort <mail>").note("risks", ...)
    assert record.open()[0] == "candidates"
    assert "risks" in record.open()
    assert "Sort &lt;mail&gt;" in record._repr_html_()
    assert "7 of 8 questions are open" in record._repr_html_()
    path = record.save(tmp_path / "decision.txt")
    assert path.read_text(encoding="utf-8").startswith("# Which?\n\n**What has to be done")
    with pytest.raises(FileExistsError, match="is there already"):
        record.save(path)


def test_an_answer_can_be_taken_back_and_an_unknown_question_is_named():
    record = Record("Which?").note("task", "x").note("task", " ")
    assert "task" in record.open()
    with pytest.raises(KeyError, match="no question 'price'; there are: task, candidates"):
        record.note("price", "x")


def test_a_full_record_is_complete():
    record = Record("Which?")
    for key in record.questions:
        record.note(key, "said")
    assert record.open() == []
    assert "Complete." in record._repr_html_()


def test_the_table_of_the_catalogue_holds_plain_values():
    table = catalog.table()
    assert table.loc["Llama 3.1 8B", "languages"].split(", ")[4] == "Portuguese"
    assert table.loc["Llama 3.1 8B", "mmlu"] == 66.7
    assert pd.isna(table.loc["BLOOM", "languages"])
    assert (
        catalog.sources("Llama 3.1 8B")
        .set_index("field")
        .loc["languages", "value"]
        .startswith("English, German")
    )
    assert choosing.TASKS.keys() >= {"write"}
