"""The student bundle holds what students need, filled in for a repository, and nothing else."""

import re
import zipfile

import nbformat
import pytest

from nbclassroom.authoring import release
from nbclassroom.authoring.bundle import bundle
from nbclassroom.course import Course, CourseError

REPOSITORY = "https://github.com/owner/name"


@pytest.fixture
def course(released: Course) -> Course:
    """The small course with a lesson, released, whose bundle has no wheel."""
    cells = [
        nbformat.v4.new_markdown_cell("# Lesson\n\n<!-- link -->", id="head"),
        nbformat.v4.new_code_cell('KIT = ""  # filled in\nprint(KIT)', id="set-up"),
    ]
    (released.root / "lessons").mkdir()
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells), released.root / "lessons" / "lesson.ipynb"
    )
    plan = released.config.StudentBundle
    plan.files = {"lessons": "lessons", "assignments": "work"}
    plan.replacements = {
        "<!-- link -->": "[Open](https://hub.example/{slug}/blob/{branch}/{path})",
        'KIT = ""  # filled in': 'KIT = "{repository}/kit"',
    }
    plan.marked = ["lessons/*.ipynb"]
    return released


def test_files_and_links(course, tmp_path):
    out = tmp_path / "out"
    (course.root / "lessons" / ".ipynb_checkpoints").mkdir()
    (course.root / "lessons" / ".ipynb_checkpoints" / "x.ipynb").write_text("{}")
    written = bundle(course, f"{REPOSITORY}.git", out, branch="2030")
    assert [path.as_posix() for path in written] == [
        "lessons/lesson.ipynb",
        "work/shapes/lakes.csv",
        "work/shapes/shapes.ipynb",
    ]
    lesson = nbformat.read(out / "lessons" / "lesson.ipynb", as_version=4)
    link = "[Open](https://hub.example/owner/name/blob/2030/lessons/lesson.ipynb)"
    assert lesson.cells[0].source == f"# Lesson\n\n{link}"
    assert lesson.cells[1].source == f'KIT = "{REPOSITORY}/kit"\nprint(KIT)'


@pytest.mark.parametrize("address", ["", "owner/name", "http://github.com/owner/name", "https://x"])
def test_an_address_that_is_none(course, tmp_path, address):
    with pytest.raises(CourseError, match="no address like"):
        bundle(course, address, tmp_path / "out")


def test_a_folder_that_is_in_use_is_left_alone(course, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CourseError, match="not empty"):
        bundle(course, REPOSITORY, tmp_path)


def test_a_lesson_without_its_line(course, tmp_path):
    course.config.StudentBundle.replacements["<!-- other -->"] = "x"
    with pytest.raises(CourseError, match=r"lessons/lesson\.ipynb has no line `<!-- other -->`"):
        bundle(course, REPOSITORY, tmp_path / "out")


def test_a_missing_file_and_no_plan(course, tmp_path):
    course.config.StudentBundle.files["notes.txt"] = "notes.txt"
    with pytest.raises(CourseError, match=r"notes.txt is to go into the bundle"):
        bundle(course, REPOSITORY, tmp_path / "out")
    del course.config["StudentBundle"]
    with pytest.raises(CourseError, match=r"StudentBundle.files"):
        bundle(course, REPOSITORY, tmp_path / "other")


def test_a_secret_is_not_bundled(course, tmp_path):
    course.config.StudentBundle.files["source"] = "source"
    with pytest.raises(CourseError, match="would tell students a line of the"):
        bundle(course, REPOSITORY, tmp_path / "out")


@pytest.mark.slow
def test_the_bundle_of_this_course(root, tmp_path):
    """Lessons, assignments and the kit's wheel, listed one by one; nothing of the instructor's."""
    course, out = Course.open(root), tmp_path / "out"
    written = {path.as_posix() for path in bundle(course, REPOSITORY, out)}
    lessons = {f"lessons/{path.name}" for path in (root / "lessons").glob("*.ipynb")}
    released = {
        path.relative_to(root).as_posix() for path in release.files(course.folder("release"))
    }
    wheels = {name for name in written if name.startswith("kit/")}
    texts = {"README.md", "LICENSE", "LICENSE-text", "NOTICE", "CITATION.cff"}
    assert written == lessons | released | wheels | texts
    (wheel,) = wheels
    assert wheel in (out / "README.md").read_text()
    with zipfile.ZipFile(out / wheel) as archive:
        names = archive.namelist()
    assert all(re.match(r"openllms(/|-[\d.]+\.dist-info/)", name) for name in names)
    for name in lessons:
        text = (out / name).read_text()
        assert f"/github/owner/name/blob/main/{name})" in text
        assert f"{REPOSITORY}/releases/expanded_assets/kit" in text
        assert "<!-- colab-link -->" not in text
