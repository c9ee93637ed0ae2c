"""The runner's scores are nbgrader's, and nothing that an answer does stops it."""

import sys

import pytest
from forked_runner import Assignment
from nbformat.v4 import new_code_cell

HANGS_IN_C = "sum(iter(int, 1))"


def assignment(answer: str, *tests: str) -> Assignment:
    """An answer cell and test cells of 2 points each."""

    def cell(name: str, source: str, **marks):
        marks = {"grade": False, "solution": False, "locked": False, "grade_id": name, **marks}
        return new_code_cell(source, metadata={"nbgrader": marks})

    cells = [cell("answer", answer, solution=True)]
    cells += [
        cell(f"test_{number}", source, grade=True, locked=True, points=2)
        for number, source in enumerate(tests, start=1)
    ]
    return Assignment("made_up", tuple(cells))


def scores(answer: str, *tests: str) -> list[float]:
    return list(assignment(answer, *tests).score({}).values())


@pytest.mark.parametrize(
    ("test", "points"),
    [
        ("assert x == 1", 2),
        ("assert x == 2", 0),
        ("x ===", 0),
        ("import sys; print('!', file=sys.stderr)", 0),
        ("import warnings; warnings.warn('!')", 0),
        ("print('on stdout')", 2),
        ("x / 2", 0.5),  # a bare expression is a partial credit ...
        ("-x", 2),  # ... and what is none is full marks: why test cells end in an assertion
        ("None", 2),
        ("raise SystemExit", 0),
        ("raise KeyboardInterrupt", 0),
    ],
)
def test_rule(test, points):
    assert scores("x = 1", test) == [points]


def test_partial_credit_above_the_maximum_is_refused_as_by_nbgrader():
    with pytest.raises(ValueError, match="greater than maximum"):
        scores("x = 1", "5 * x")


def test_broken_answer_leaves_the_rest_of_the_notebook():
    assert scores("x = 1\nraise NotImplementedError()", "assert x == 1", "assert y") == [2, 0]


@pytest.mark.parametrize("answer", ["while True: pass", HANGS_IN_C])
def test_endless_answer_ends(answer):
    assert sum(scores(f"def f():\n    {answer}", "f(); assert False", "assert f() == 1")) == 0


def test_endless_loop_costs_its_own_cell_only():
    assert scores("def f():\n    while True: pass", "assert f()", "assert True") == [0, 2]


def test_dead_process_keeps_what_it_earned():
    answer = "import os\ndef f():\n    os._exit(0)"
    assert scores(answer, "assert True", "f(); assert True", "assert True") == [2, 0, 0]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit memory")
def test_too_much_memory_is_an_error():
    assert scores("def f():\n    return bytes(2**36)", "assert f()", "assert True") == [0, 2]


def test_answers_do_not_touch_the_next_run():
    made = assignment("x = [1]", "x.append(2); assert len(x) == 2")
    assert [made.score({}), made.score({})] == [{"test_1": 2}] * 2


def test_classes_of_the_notebook_live_in_main():
    assert scores("class A: pass", "import __main__; assert __main__.A is A") == [2]
