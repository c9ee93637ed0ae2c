"""Only words that stand in a test are taken for the instructor's."""

import pytest

from nbclassroom.authoring.messages import patterns

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
    assert any(shape.fullmatch(message) for shape in patterns([TESTS]))


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
    assert not any(shape.fullmatch(message) for shape in patterns([TESTS]))


def test_values_are_the_groups():
    (shape,) = patterns(['assert f(x), f"instead of {x} came {y}"'])
    found = shape.fullmatch("instead of 2 came 3")
    assert found is not None
    assert found.groups() == ("2", "3")


def test_cells_of_another_language_have_none():
    assert patterns(["x <- function(y) { y }"]) == []
