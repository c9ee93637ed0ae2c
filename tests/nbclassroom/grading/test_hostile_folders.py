"""Whatever lies in one student's folder is that student's affair: the class goes on."""

import os
import subprocess
from pathlib import Path

import pytest

from nbclassroom.grading import submission

from .classes import call, entries, gradebook

pytestmark = pytest.mark.slow
SECRET = "the instructor's own"


def test_nothing_is_moved_through_what_was_moved_before(tmp_path: Path) -> None:
    """A link in one hand-in, a folder of its name in the next: it would lead to the target."""
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "notes.txt").write_text(SECRET)
    folder = tmp_path / "submitted" / "eve" / "hw"
    folder.mkdir(parents=True)
    (folder / "x").symlink_to(precious)
    submission.set_aside(folder, tmp_path)
    (folder / "x").mkdir()
    os.link(precious / "notes.txt", folder / "x" / "notes.txt")
    submission.set_aside(folder, tmp_path)
    assert (precious / "notes.txt").read_text() == SECRET
    refused = tmp_path / "refused" / "eve" / "hw"
    assert (refused / "1" / "x.link").read_text() == f"a link to {precious}\n"
    assert (refused / "2" / "x" / "notes.txt").read_text() == SECRET
    assert not any(path.is_symlink() for path in refused.rglob("*"))


def test_names_that_meet_in_refused_are_both_kept(tmp_path: Path) -> None:
    folder = tmp_path / "submitted" / "eve" / "hw"
    folder.mkdir(parents=True)
    (folder / "x").symlink_to("/etc")
    (folder / "x.link").symlink_to("/usr")
    os.mkfifo(folder / "x.link.link")
    assert len(submission.set_aside(folder, tmp_path)) == 3
    assert len(list((tmp_path / "refused" / "eve" / "hw" / "1").iterdir())) == 3
    assert list(folder.iterdir()) == []


def remove(folder: Path) -> None:
    """Python's own `rmtree`, which pytest cleans up with, recurses too deeply for such a tree."""
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_a_class_of_hostile_folders_is_graded(
    course: Path, one_job: Path, request: pytest.FixtureRequest
) -> None:
    submitted = course / "submitted"
    solution = course / "source" / "hw"
    (submitted / "linked").mkdir()
    (submitted / "linked" / "hw").symlink_to(solution)
    (submitted / "student-link").symlink_to(course / "source")
    (submitted / "folder" / "hw" / "hw.ipynb").mkdir(parents=True)
    deep = submitted / "deep" / "hw"
    deep.mkdir(parents=True)
    for _ in range(1500):
        deep = deep / "d"
        deep.mkdir()
    request.addfinalizer(lambda: remove(course))
    odd = submitted / os.fsdecode(b"n\xff\x1b[31m") / "hw"
    odd.mkdir(parents=True)
    (odd / os.fsdecode(b"\xfe.txt")).symlink_to("/etc/passwd")
    closed = submitted / "closed" / "hw"
    closed.mkdir(parents=True)
    (closed / "hw.ipynb").write_text("{}")
    done = call(course, "nbclassroom", "grade", "hw")
    assert "10 submissions" in done.stdout, done.stdout + done.stderr
    assert "6 could not be graded" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert "\x1b[31m" not in done.stdout
    assert "linked: " in done.stdout
    assert "is a link" in done.stdout
    assert "nested more than 20 deep" in done.stdout
    assert gradebook(course) == gradebook(one_job)
    assert not (course / "autograded" / "linked").exists()
    assert {entry["student"] for entry in entries(course) if entry["graded"]} == {
        "ada", "ben", "cleo", "dan",
    }  # fmt: skip


def test_autograde_refuses_a_linked_folder_too(course: Path) -> None:
    (course / "submitted" / "linked").mkdir()
    (course / "submitted" / "linked" / "hw").symlink_to(course / "source" / "hw")
    done = call(course, "nbgrader", "autograde", "hw", "--student", "linked")
    assert done.returncode != 0
    assert "is a link" in done.stdout + done.stderr
    assert not list((course / "autograded").glob("linked/hw/*.ipynb"))
