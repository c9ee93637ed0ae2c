"""What is graded is what stands in the source: on a fresh clone, and after a test was changed."""

import shutil
from pathlib import Path

import nbformat
import pytest

from .classes import call, entries, gradebook

pytestmark = pytest.mark.slow
SHAPES = Path(__file__).parents[1] / "course"
BEGIN = "### BEGIN HIDDEN TESTS"


def edit(root: Path, assignment: str, cell: str, old: str, new: str) -> None:
    """Change a cell of the source."""
    path = root / "source" / assignment / f"{assignment}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (found,) = [
        each for each in notebook.cells if each.metadata.get("nbgrader", {}).get("grade_id") == cell
    ]
    assert old in found.source
    found.source = found.source.replace(old, new)
    nbformat.write(notebook, path)


def test_a_fresh_clone_grades_at_once(course: Path, one_job: Path) -> None:
    """No gradebook, and no folder of the kit's: neither is in a repository."""
    (course / "gradebook.db").unlink()
    done = call(course, "nbclassroom", "grade", "hw")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "hw: the gradebook knows the assignment now" in done.stdout
    assert "4 graded now" in done.stdout
    assert gradebook(course) == gradebook(one_job)


def test_a_changed_hidden_test_is_used_and_named(one_job: Path, tmp_path: Path) -> None:
    course = Path(shutil.copytree(one_job, tmp_path / "course"))
    before = {row[:2]: row[2] for row in gradebook(course)}
    edit(course, "hw", "test_squares_hidden", BEGIN, f"{BEGIN}\nassert False")
    done = call(course, "nbclassroom", "grade", "hw")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "changed in source/ since the gradebook was told: test_squares_hidden;" in done.stdout
    assert "4 graded now" in done.stdout
    after = {row[:2]: row[2] for row in gradebook(course)}
    assert before["ada", "test_squares_hidden"] > 0
    assert after["ada", "test_squares_hidden"] == 0
    differing = {
        cell for (student, cell) in before if before[student, cell] != after[student, cell]
    }
    assert differing == {"test_squares_hidden"}
    again = call(course, "nbclassroom", "grade", "hw")
    assert "changed in source/" not in again.stdout
    assert "0 graded now, 4 unchanged" in again.stdout


def test_release_tells_the_gradebook_that_there_is(tmp_path: Path) -> None:
    course = Path(shutil.copytree(SHAPES, tmp_path / "course"))
    assert call(course, "nbgrader", "generate_assignment", "shapes").returncode == 0
    call(course, "nbclassroom", "release", "shapes")
    new = f'{BEGIN}\nassert scaled([], 2) == [], "nothing stays nothing"'
    edit(course, "shapes", "scaled-values", BEGIN, new)
    first = call(course, "nbclassroom", "release", "shapes")
    assert first.stdout.splitlines() == [
        "shapes: changed in source/ since the gradebook was told: scaled-values; the new text is "
        "used"
    ]
    assert "everything is up to date" in call(course, "nbclassroom", "release", "shapes").stdout
    (course / "gradebook.db").unlink()
    call(course, "nbclassroom", "release", "shapes")
    assert not (course / "gradebook.db").exists()


def test_cells_may_not_go_once_students_have_handed_in(one_job: Path, tmp_path: Path) -> None:
    course = Path(shutil.copytree(one_job, tmp_path / "course"))
    before, known = gradebook(course), entries(course)
    path = course / "source" / "hw" / "hw.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [
        cell for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") != "test_squares_hidden"
    ]  # fmt: skip
    nbformat.write(notebook, path)
    done = call(course, "nbclassroom", "grade", "hw")
    assert done.returncode == 1
    assert "put the source back, or release it under another name" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert (gradebook(course), entries(course)) == (before, known)


def test_an_assignment_that_nobody_knows(course: Path) -> None:
    (course / "submitted" / "ada" / "other").mkdir()
    done = call(course, "nbclassroom", "grade", "other")
    assert done.returncode == 1
    assert "there is no source of it" in done.stderr
