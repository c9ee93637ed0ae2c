"""Each known trap is caught in a notebook that falls into it, and none in one that does not."""

import nbformat
import pytest
from traitlets.config import Config

from nbclassroom.authoring import lint
from nbclassroom.authoring.leaks import Markers

HIDDEN = "### BEGIN HIDDEN TESTS\nassert area(2) > 12, 'a larger disc has a larger area'\n{}"


def problems(course):
    return lint.lint(course, ["shapes"])


def test_a_good_notebook_has_no_findings(shapes):
    assert problems(shapes) == []


TRAPS = {
    "outputs": ("set-up", {"execution_count": 1}, "clear its outputs"),
    "editor metadata": ("set-up", {"metadata": {"collapsed": True}}, "drop its metadata collapsed"),
    "bare value": ("scaled-keeps", {"source": "scaled([1], 2) == [2]"}, "end it in an assertion"),
    "trailing value": (
        "scaled-keeps",
        {"source": "assert scaled([1], 2) == [2], 'each length is doubled'\n1.0"},
        "end it in an assertion",
    ),
    "no tests": ("scaled-keeps", {"source": "# later"}, "end it in an assertion"),
    "no message": ("scaled-keeps", {"source": "assert scaled([], 2) == []"}, "message with words"),
    "wordless message": (
        "scaled-keeps",
        {"source": "got = scaled([], 2)\nassert got == [], f'{got}'"},
        "message with words",
    ),
    "message from elsewhere": (
        "scaled-keeps",
        {"source": "why = 'the list is empty'\nassert scaled([], 2) == [], why"},
        "message with words",
    ),
    "syntax": ("scaled-keeps", {"source": "assert ("}, "no valid Python"),
    "points": ("scaled-keeps", {"nbgrader": {"points": 0}}, "points above 0"),
    "doubled grade id": ("scaled-keeps", {"nbgrader": {"grade_id": "area-values"}}, "of its own"),
    "odd grade id": (
        "scaled-keeps",
        {"nbgrader": {"grade_id": "scaled keeps?"}},
        "letters, digits",
    ),
    "incomplete mark": ("scaled-keeps", {"metadata": {"nbgrader": {"grade": True}}}, "not valid"),
    "scheme outside a task": (
        "reason",
        {"source": "### BEGIN MARK SCHEME\nfull marks for the disc\n### END MARK SCHEME"},
        "only in a manually graded task",
    ),
    "hidden test outside a test": (
        "set-up",
        {"source": HIDDEN.format("### END HIDDEN TESTS")},
        "only in an autograded test",
    ),
    "solution outside an answer": (
        "set-up",
        {"source": "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"},
        "only in an answer cell",
    ),
    "open region": ("area-values", {"source": HIDDEN.format("")}, "pair each"),
    "nested region": (
        "area-values",
        {"source": HIDDEN.format("### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS")},
        "not nested",
    ),
    "picture in a solution": (
        "reason",
        {"source": "![](attachment:a.png)", "attachments": {"a.png": {"image/png": "AAAA"}}},
        "keep attachments out",
    ),
    "no answer cell": ("essay-answer", {"cell_type": "raw"}, "prepare a Markdown cell"),
    "answer below its tests": ("area", {"metadata": {}}, "put the answer cell"),
}


@pytest.mark.parametrize("trap", TRAPS)
def test_trap_is_caught(trap, shapes, edit):
    cell, change, words = TRAPS[trap]
    edit(cell, **change)
    found = problems(shapes)
    assert any(words in line for line in found), found
    assert all(line.startswith("source/shapes/shapes.ipynb, cell '") for line in found)


def test_missing_ids_and_kernel(shapes, shapes_source):
    notebook = nbformat.read(shapes_source, as_version=4)
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]
    notebook.metadata = {"celltoolbar": "Create Assignment"}
    nbformat.write(notebook, shapes_source)
    found = "\n".join(problems(shapes))
    assert "4.5 or later" in found
    assert "celltoolbar" in found
    assert "name the kernel" in found


def test_no_notebook_at_all(shapes, shapes_source):
    shapes_source.write_text("{")
    assert ["it is no valid notebook" in line for line in problems(shapes)] == [True]


def test_delimiters_of_the_configuration_are_used(shapes, edit):
    marks = Markers.of(Config({"ClearHiddenTests": {"begin_test_delimeter": "VERBORGEN"}}))
    assert marks.hidden[0] == "VERBORGEN"
    shapes.config.ClearHiddenTests.begin_test_delimeter = "VERBORGEN"
    edit("set-up", source="# VERBORGEN\n### END HIDDEN TESTS")
    assert any("only in an autograded test" in line for line in problems(shapes))


def test_findings_of_a_run():
    graded = {"nbgrader": {"grade": True, "solution": False, "grade_id": "t", "points": 1}}
    new = nbformat.v4
    outputs = {
        "fails": new.new_output("error", ename="ValueError", evalue="no", traceback=[]),
        "stderr": new.new_output("stream", name="stderr", text="Loading..."),
        "value": new.new_output("execute_result", data={"text/plain": "1"}),
    }
    for word, output in outputs.items():
        cell = new.new_code_cell("x", metadata=graded, outputs=[output])
        assert [word in text for _, text in lint.run_findings(new.new_notebook(cells=[cell]))]
    plain = new.new_code_cell("x", outputs=[outputs["stderr"], outputs["value"]])
    assert lint.run_findings(new.new_notebook(cells=[plain])) == []
