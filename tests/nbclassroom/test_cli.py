"""The command line: what it prints, its exit status, and that errors are plain."""

import nbformat
import pytest
from typer.testing import CliRunner

from nbclassroom.cli import app


@pytest.fixture
def run(shapes):
    """Runs a command in the small course."""
    return lambda *words: CliRunner().invoke(app, [*map(str, words), "--course", str(shapes.root)])


def test_release_and_check(run):
    first = run("release")
    assert first.stdout == "wrote assignments/shapes\nwrote solutions/shapes\n"
    assert run("check", "shapes").stdout == "shapes: up to date, no leak, no trap\n"


def test_a_trap_stops_a_release(run, shapes, edit):
    edit("scaled-keeps", source="1")
    done = run("release")
    assert done.exit_code == 1
    assert "cell 'scaled-keeps': end it in an assertion" in done.stderr
    assert not shapes.folder("release").exists()


def test_check_fails_on_a_leak(run, released):
    (released.folder("release") / "shapes" / "x.txt").write_text("BEGIN MARK SCHEME")
    done = run("check")
    assert done.exit_code == 1
    assert "x.txt: holds the delimiter 'BEGIN MARK SCHEME'" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["release", "cubes"], "no assignment 'cubes'; there is shapes"),
        (["bundle", "out", "--repository", "x"], "the configuration says nothing about the bundle"),
        (["sample", "--bank", "nowhere"], "no assignment has a bank"),
    ],
)
def test_errors_are_one_line(run, words, message):
    done = run(*words)
    assert done.exit_code == 1
    assert done.stderr.startswith("classroom: ")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.output


def test_the_sample_class_stays_out_of_the_course(run, shapes):
    done = run("sample", "--keep", shapes.root / "kept")
    assert done.exit_code == 1
    assert "outside the course" in done.stderr


@pytest.mark.slow
def test_the_sample_class(run, shapes, tmp_path):
    before = {path: path.stat().st_mtime_ns for path in shapes.root.rglob("*")}
    kept = tmp_path / "kept"
    done = run("sample", "--keep", kept)
    assert done.exit_code == 0, done.output
    assert "12 submissions: 12 graded now" in done.stdout  # as `classroom grade` ends
    assert "72 cells, 0 misgraded; 12 feedback pages" in done.stdout
    assert "grades.csv: 12 rows" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in shapes.root.rglob("*")} == before
    rows = (kept / "grades.csv").read_text().splitlines()
    assert rows[3].split(",")[-2:] == ["14.0", "14.0"]
    assert "14 of 14" not in done.stdout
    page = (kept / "feedback" / "student-03" / "shapes" / "shapes.html").read_text()
    assert "4 of 4 points." in page


@pytest.mark.slow
def test_a_misgraded_cell_is_shouted_about(run, shapes):
    folder = shapes.root / "tests" / "submissions" / "shapes"
    text = (folder / "answers" / "area" / "right_power.py").read_text()
    lie = text.replace("scores: all", "scores: area-values=1")
    (folder / "answers" / "area" / "wrong_lie.py").write_text(lie)
    (folder / "notebooks.yaml").write_text(
        "liar: {default: untouched, answers: {area: wrong_lie}}\n"
    )
    done = run("sample", "--students", 1)
    assert done.exit_code == 1
    assert "misgraded: student-01, cell area-values: 3.0, not 1" in done.stdout


def test_notebooks_of_the_small_course_are_valid(shapes_source):
    nbformat.validate(nbformat.read(shapes_source, as_version=4))
