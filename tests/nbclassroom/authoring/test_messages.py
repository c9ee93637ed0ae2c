"""Only words that stand in a test are taken for the instructor's."""

import time

import pytest

from nbclassroom.authoring.messages import LONGEST, Shape, Words, case

TESTS = """
%matplotlib inline
assert f(1) == 2, "a literal message"
assert f(2) == 3, f"f(2) must be odd, got {f(2):.3f}"
assert f(3) == 4, (
    "two literals " f"and {x!r}"
)
assert f(4) == 5, "joined to a value: " + f"{y}!"
assert f(5) == 6, f"{z}"
assert f(6) == 7, why
if broken:
    raise AssertionError("raised by hand")
np.testing.assert_allclose(f(7), 8)
"""


@pytest.mark.parametrize(
    "message",
    [
        "a literal message",
        "f(2) must be odd, got 4.000",
        "two literals and 'a\nb'",
        "joined to a value: 7!",
        "raised by hand",
    ],
)
def test_own_message(message):
    assert Words.of([TESTS]).values(message) is not None


@pytest.mark.parametrize(
    "message",
    [
        "",
        "1234.5",
        "a literal message and more",
        "I saw: f(2) must be odd, got 4.000",
        "Not equal to tolerance\n DESIRED: 8",
        "np.testing.assert_allclose(f(7), 8)",
    ],
)
def test_foreign_message(message):
    assert Words.of([TESTS]).values(message) is None


@pytest.mark.parametrize(
    ("message", "values"),
    [
        ("instead of 2 came 3!", ["2", "3"]),
        ("instead of  came !", ["", ""]),
        ("instead of a came b came c!", ["a", "b came c"]),
        ("instead of 2!", None),
        ("instead of 2 came!", None),
    ],
)
def test_values_stand_between_the_fixed_texts(message, values):
    words = Words.of(['assert f(x), f"instead of {x} came {y}!"'])
    assert words.values(message) == values


def test_a_text_may_not_serve_twice():
    assert Shape(("aba", "aba")).values("aba") is None
    assert Shape(("aba", "aba")).values("abaaba") == [""]


def test_labels_of_cases_are_words_and_no_values():
    words = Words.of(
        [
            'CASES = {"the list is empty": [1], "short": [2]}\n'
            'for why, case in CASES.items():\n    assert f(case), f"{why}: that is wrong, got {f}"'
        ]
    )
    assert words.values("the list is empty: that is wrong, got 1") == ["1"]
    assert words.values("short: that is wrong, got 1") == ["short", "1"]


def test_a_message_made_to_keep_us_busy_is_looked_at_once():
    words = Words.of(['assert f(x), f"{a} and {b} and {c} and {d} and {e} and {f} and {g} so"'])
    begun = time.process_time()
    for size in (LONGEST - 5, 10**6):
        assert words.values(" and " * (size // 5)) is None
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (1, ""),
        (2, ""),
        (3, "nothing is there"),
        (4, "nothing is there"),
        (6, "two are equal"),
        (99, "two are equal"),
    ],
)
def test_the_last_case_above_a_line(line, words):
    source = "x = f\n# case: nothing is there\nx([])\nx(())\n  #case:  two are equal \nx([1, 1])"
    assert case(source, line) == words


def test_cells_of_another_language_have_none():
    assert Words.of(["x <- function(y) { y }"]) == Words((), frozenset())
