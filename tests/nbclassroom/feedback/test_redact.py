"""What remains of an error in a hidden test: words of the instructor's, and never a value."""

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from nbclassroom.feedback.redact import RedactHiddenTests

HIDDEN = """### BEGIN HIDDEN TESTS
# case: the service is free
assert cost("qwertyuiop", 0) == 0, f"nothing times a price, got {seen} of {kind}"
LABELS = {"a price below nothing": [-1]}
for label, price in LABELS.items():
    assert cost("qwertyuiop", price) == 0, f"{label} must be refused, got {seen}"
### END HIDDEN TESTS"""


def shown(name: str, value: str, line: int = 3) -> str:
    """What the page has of an error in the hidden test."""
    trace = ["Traceback\n", f"  Cell In[4], line {line}\n    ...", f"{name}: {value}"]
    cell = new_code_cell(HIDDEN)
    cell.outputs = [new_output("error", ename=name, evalue=value, traceback=trace)]
    cell.metadata.nbgrader = {
        "grade": True, "solution": False, "task": False, "locked": True, "grade_id": "t",
    }  # fmt: skip
    redacted, _ = RedactHiddenTests().preprocess(new_notebook(cells=[cell]), {})
    (output,) = redacted.cells[0].outputs
    assert output.traceback[0].startswith(f"{output.ename}: ")
    return output.traceback[0].removeprefix(f"{output.ename}: ")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("KeyError", "'qwertyuiop'", "It happened in this case: the service is free."),
        ("AssertionError", "qwertyuiop", "It happened in this case: the service is free."),
        ("AssertionError", "nothing times a price, got 3 of int",
         "nothing times a price, got 3 of int"),
        ("AssertionError", "a price below nothing must be refused, got 1",
         "a price below nothing must be refused, got 1"),
        ("CellTimeoutError", "more than 30 s", "This took too long, or more than a notebook may "
         "use, and was stopped."),
    ],
)  # fmt: skip
def test_words_of_the_instructors_stay(name, value, words):
    assert shown(name, value) == words


def test_a_value_that_repeats_a_secret_line_stays_out():
    secret = 'assert cost("qwertyuiop", price) == 0, f"{label} must be refused, got {seen}"'
    assert "qwertyuiop" not in shown("AssertionError", f"nothing times a price, got {secret} of x")


def test_values_that_only_together_look_like_a_secret_are_shown():
    """Two values of a message stand side by side in it, and in no secret line."""
    first, second = 'LABELS = {"a price below ', 'nothing": [-1]}'
    message = f"nothing times a price, got {first} of {second}"
    assert shown("AssertionError", message) == message


def test_without_a_case_the_details_are_kept_back():
    assert "kept back" in shown("KeyError", "'qwertyuiop'", line=1)


def test_a_traceback_can_name_nothing_but_a_case():
    trace = ["x" * 10**6, "Cell In[1], line " + "9" * 10**6]
    output = new_output("error", ename="KeyError", evalue="", traceback=trace)
    assert RedactHiddenTests().case(output, HIDDEN).endswith("the service is free.")
