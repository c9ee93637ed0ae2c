"""The student version and the worked version hold what they should, the same on every run."""

import json
import os
import subprocess
import sys

import nbformat
import pytest

from nbclassroom.authoring import release
from nbclassroom.course import Course, CourseError, environment


def cells(course, step):
    notebook = nbformat.read(course.folder(step) / "shapes" / "shapes.ipynb", as_version=4)
    nbformat.validate(notebook)
    return {cell.id: cell for cell in notebook.cells}


def test_student_version_has_stubs_and_visible_tests(released):
    got = cells(released, "release")
    assert got["area"].source == (
        "def area(r: float) -> float:\n"
        '    """Area of a disc."""\n'
        "    # YOUR CODE HERE\n"
        "    raise NotImplementedError()"
    )
    assert got["area-refuses"].source == 'assert area(0) == 0, "a point has no area"'
    assert got["reason"].source == "YOUR ANSWER HERE"
    assert got["essay"].source.endswith("Write in the cell below.\n")
    assert got["area-values"].metadata.nbgrader.checksum
    assert not got["area-values"].metadata.editable


def test_worked_version_has_answers_and_visible_tests(released):
    got = cells(released, "solution")
    assert got["scaled"].source.endswith("    return [length * factor for length in lengths]")
    assert got["reason"].source.startswith("A disc and a square")
    assert got["area-refuses"].source == 'assert area(0) == 0, "a point has no area"'
    text = (released.folder("solution") / "shapes" / "shapes.ipynb").read_text()
    for mark in ("SOLUTION", "HIDDEN", "MARK SCHEME", "squares on a map", "1234.5"):
        assert mark not in text


def test_data_files_come_along(released):
    for step in ("release", "solution"):
        assert (released.folder(step) / "shapes" / "lakes.csv").read_text().startswith("lake,")


def test_every_run_gives_the_same_bytes_and_leaves_no_gradebook(released):
    def contents():
        return {p: p.read_bytes() for p in released.root.rglob("*") if p.is_file()}

    first = contents()
    for step in ("release", "solution"):
        (released.folder(step) / "shapes" / "shapes.ipynb").unlink()
    assert len(release.release(released, ["shapes"])) == 2
    assert contents() == first
    assert release.release(released, ["shapes"]) == []
    assert not list(released.root.rglob("gradebook.db"))


def test_another_process_gives_the_same_bytes(released):
    before = (released.folder("release") / "shapes" / "shapes.ipynb").read_bytes()
    command = [sys.executable, "-m", "nbclassroom", "release", "--course", released.root]
    environ = {**os.environ, "PYTHONHASHSEED": "7", "PATH": os.defpath, "TZ": "Asia/Tokyo"}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert "up to date" in done.stdout
    assert (released.folder("release") / "shapes" / "shapes.ipynb").read_bytes() == before


def test_what_a_run_left_in_the_source_does_not_get_out(shapes, edit):
    edit(
        "set-up",
        outputs=[nbformat.v4.new_output("stream", text="SECRET-OUTPUT")],
        execution_count=3,
        metadata={"execution": {"iopub.execute_input": "2030-01-01T00:00:00Z"}},
    )
    release.release(shapes, ["shapes"])
    for step in ("release", "solution"):
        text = (shapes.folder(step) / "shapes" / "shapes.ipynb").read_text()
        assert "SECRET-OUTPUT" not in text
        assert "iopub" not in text
        assert cells(shapes, step)["set-up"].execution_count is None


def test_attachment_of_a_solution_does_not_get_out(shapes, edit):
    edit(
        "reason",
        source="![proof](attachment:proof.png)",
        attachments={"proof.png": {"image/png": "U0VDUkVU"}},
    )
    release.release(shapes, ["shapes"])
    assert "U0VDUkVU" not in (shapes.folder("release") / "shapes" / "shapes.ipynb").read_text()
    assert cells(shapes, "release")["head"].attachments["rectangle.png"]
    assert cells(shapes, "solution")["reason"].attachments["proof.png"]


def test_check_is_content_with_a_fresh_release(released):
    assert release.check(released, ["shapes"]) == []


def test_check_sees_a_release_that_is_out_of_date(released, edit):
    edit("contract", source="Every length is in feet.")
    assert [line.split(":")[0] for line in release.check(released, ["shapes"])] == [
        "assignments/shapes",
        "solutions/shapes",
    ]


def test_check_sees_files_and_folders_without_a_source(released):
    (released.folder("release") / "shapes" / "notes.txt").write_text("for the TA")
    (released.folder("solution") / "old").mkdir()
    problems = release.check(released, ["shapes"])
    assert any("notes.txt does not come from the source" in line for line in problems)
    assert any("solutions/old: has no source" in line for line in problems)


@pytest.mark.parametrize(
    ("step", "name", "leaked", "kind"),
    [
        ("release", "shapes.ipynb", "radius_for_the_large_disc = 1234.5", "hidden test"),
        ("release", "shapes.ipynb", "return [length * factor for length in lengths]", "solution"),
        ("release", "hints.txt", "2 points for an estimate of its error.", "marking scheme"),
        ("solution", "shapes.ipynb", "2 points for an estimate of its error.", "marking scheme"),
        ("solution", "cells.json", r"\"lengths may be fractions\"", "hidden test"),
    ],
)
def test_leaks_are_found_wherever_they_stand(released, step, name, leaked, kind):
    path = released.folder(step) / "shapes" / name
    if name == "shapes.ipynb":
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[1].source += f"\n#  {leaked.replace(' ', '  ')}"
        nbformat.write(notebook, path)
    elif name == "cells.json":
        whole = f"assert list(scaled(hidden_lengths, 2)) == [0.5, 35.5], {leaked}"
        path.write_text(json.dumps({"copy": whole}))
    else:
        path.write_text(leaked)
    found = release.leaks_in(released, "shapes", step)
    assert len(found) == 1, found
    assert kind in found[0]
    assert name in found[0]


def test_check_sees_a_notebook_that_was_run(released):
    path = released.folder("solution") / "shapes" / "shapes.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].execution_count = 1
    nbformat.write(notebook, path)
    assert any("was run" in line for line in release.leaks_in(released, "shapes", "solution"))


def test_a_source_that_nbgrader_refuses_is_named_with_the_reason(shapes, edit):
    edit("contract", source="### BEGIN HIDDEN TESTS\nsecret = 1\n### END HIDDEN TESTS")
    with pytest.raises(CourseError, match=r"shapes: .*Hidden test region detected in a non-grade"):
        release.release(shapes, ["shapes"])
    assert not shapes.folder("release").exists()


def test_unknown_assignment_and_missing_configuration(shapes, tmp_path):
    with pytest.raises(CourseError, match="no assignment 'shape'; there is shapes"):
        shapes.chosen(["shape"])
    with pytest.raises(CourseError, match=r"has no nbgrader_config\.py"):
        Course.open(tmp_path)
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(\n")
    with pytest.raises(CourseError, match=r"nbgrader_config.py cannot be read: SyntaxError"):
        Course.open(tmp_path)
    (tmp_path / "nbgrader_config.py").write_text("c = 1\n")
    with pytest.raises(CourseError, match="sets nothing"):
        Course.open(tmp_path)


def test_tools_are_found_without_an_activated_environment(monkeypatch):
    monkeypatch.setenv("PATH", os.defpath)
    assert environment()["PATH"].startswith(os.path.dirname(sys.executable))  # noqa: PTH120
