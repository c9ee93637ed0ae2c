"""A run may be killed at any instant, in any of its processes; the next one completes it."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from nbgrader.apps.api import NbGraderAPI

from nbclassroom.course import Course, CourseError, tools_on_path
from nbclassroom.engine import Policy, untrusted
from nbclassroom.engine.sandbox.procfs import processes
from nbclassroom.errors import RunningError
from nbclassroom.grading import submission
from nbclassroom.grading.results import Entry, Journal
from nbclassroom.grading.run import grade_course

from ..engine.conftest import assignment
from .classes import ANSWERS, call, entries, gradebook, notebooks


@pytest.mark.slow
def test_a_second_run_executes_nothing_and_a_change_only_what_it_touches(course: Path) -> None:
    first = call(course, "nbclassroom", "grade", "hw")
    assert first.returncode == 0, first.stdout + first.stderr
    book = gradebook(course)
    again = call(course, "nbclassroom", "grade", "hw")
    assert "0 graded now, 4 unchanged" in again.stdout
    assert gradebook(course) == book
    assert "Warning" not in first.stderr + again.stderr
    path = course / "submitted" / "ben" / "hw" / "hw.ipynb"
    path.write_text(path.read_text().replace("max(table", "min(table"))
    changed = call(course, "nbclassroom", "grade", "hw")
    assert "1 graded now, 3 unchanged" in changed.stdout
    forced = call(course, "nbclassroom", "grade", "hw", "--force", "--student", "ada")
    assert "1 submissions: 1 graded now" in forced.stdout
    assert [entry["student"] for entry in entries(course)] == [*ANSWERS, "ben", "ada"]
    assert gradebook(course) != book


@pytest.mark.slow
def test_marks_given_by_hand_survive_grading_again(course: Path) -> None:
    assert call(course, "nbclassroom", "grade", "hw").returncode == 0
    with sqlite3.connect(course / "gradebook.db") as book:
        essay = "(select id from base_cell where name = 'essay' and type = 'GradeCell')"
        book.execute(f"update grade set manual_score = 2.5 where cell_id = {essay}")
    assert call(course, "nbclassroom", "grade", "hw", "--force").returncode == 0
    marks = {row[0]: row[3] for row in gradebook(course) if row[1] == "essay"}
    assert marks == dict.fromkeys(ANSWERS, 2.5)


@pytest.mark.slow
def test_nbgrader_autograde_gives_the_same_scores(course: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(course, other)
    assert call(course, "nbclassroom", "grade", "hw").returncode == 0
    assert call(other, "nbgrader", "autograde", "hw").returncode == 0
    assert gradebook(other) == gradebook(course)
    assert gradebook(course)


def killed(root: Path, rng: random.Random, longest: float) -> bool:
    """Start a run and kill one of its processes, or all; whether it was still at work."""
    command = [sys.executable, "-m", "nbclassroom", "grade", "hw", "--jobs", rng.choice("12")]
    run = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(rng.uniform(0.2, longest))
    alive = run.poll() is None
    tree = processes(run.pid)
    victims = [run.pid] if rng.random() < 0.5 else [rng.choice(tree)]
    for victim in victims:
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            alive = False
    run.wait()
    return alive


@pytest.mark.slow
def test_killed_at_random_points_nothing_is_lost_or_done_twice(
    released: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    """Eight kills, always the same; 200 others each night. KILLS and KILL_SEED choose."""
    is_night = pytestconfig.getoption("--nightly")
    kills = int(os.environ.get("KILLS", "200" if is_night else "8"))
    drawn = random.SystemRandom().randrange(1 << 30) if is_night else 12
    seed = int(os.environ.get("KILL_SEED", drawn))
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(released, undisturbed)
    begun = time.monotonic()
    assert call(undisturbed, "nbclassroom", "grade", "hw").returncode == 0
    longest = time.monotonic() - begun
    print(f"KILL_SEED={seed}")
    rng = random.Random(seed)
    hits = rounds = 0
    while hits < kills:
        rounds += 1
        disturbed = tmp_path / f"disturbed-{rounds}"
        shutil.copytree(released, disturbed)
        for _ in range(4):
            hits += killed(disturbed, rng, longest)
        for _ in range(50):  # the killed run's last processes let go of the journal
            last = call(disturbed, "nbclassroom", "grade", "hw")
            if last.returncode == 0:
                break
            time.sleep(0.2)
        assert last.returncode == 0, last.stdout + last.stderr
        assert gradebook(disturbed) == gradebook(undisturbed)
        assert notebooks(disturbed) == notebooks(undisturbed)
        assert sorted(e["student"] for e in entries(disturbed)) == sorted(ANSWERS)
    print(f"{hits} kills in {rounds} classes")


def test_the_journal_forgets_a_line_that_a_kill_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    with Journal(path) as journal:
        journal.append(Entry("ada", "1", True))
        journal.append(Entry("ben", "2", True))
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with Journal(path) as journal:
            assert all(entry.graded for entry in journal.entries.values())
            journal.append(Entry("cleo", "3", True))
        with Journal(path) as journal:
            assert "cleo" in journal.entries
            assert ("ada" in journal.entries) == (length >= whole.index(b"\n"))


def test_two_runs_cannot_grade_the_same_assignment(tmp_path: Path) -> None:
    with Journal(tmp_path / "j"), pytest.raises(RunningError, match="another run"):
        Journal(tmp_path / "j")


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a file system of 3 MiB of its own."""
    folder = tmp_path / "small"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("only root can mount a small file system")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.mark.slow
def test_a_full_disk_loses_nothing(released: Path, full_disk: Path) -> None:
    root = full_disk / "course"
    shutil.copytree(released, root)
    filler = root / "filler"
    free = shutil.disk_usage(root).free
    filler.write_bytes(bytes(max(0, free - 20_000)))
    with (root / "more").open("wb") as more:
        while shutil.disk_usage(root).free:
            more.write(bytes(min(4096, shutil.disk_usage(root).free)))
            more.flush()
    full = call(root, "nbclassroom", "grade", "hw")
    assert full.returncode != 0
    filler.unlink()
    (root / "more").unlink()
    done = call(root, "nbclassroom", "grade", "hw")
    assert done.returncode == 0, done.stdout + done.stderr
    assert {row[0] for row in gradebook(root)} == set(ANSWERS)
    assert len({(row[0], row[1]) for row in gradebook(root)}) == len(gradebook(root))


@pytest.mark.slow
def test_steps_are_yielded_as_they_become_final(course: Path) -> None:
    steps = grade_course(Course.open(course), "hw", ["ben"])
    step = next(steps)
    assert (step.entry.student, step.fresh, step.total) == ("ben", True, 1)
    assert [entry["student"] for entry in entries(course)] == ["ben"]


def test_a_file_that_may_not_be_read_is_refused_and_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed.txt").write_text("x")
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may read everything
    taken, refused = untrusted.files(tmp_path)
    assert taken == []
    assert "Permission denied" in refused[0].cause


def test_a_file_too_large_to_lie_beside_the_assignment_is_named(tmp_path: Path) -> None:
    with (tmp_path / "data.bin").open("wb") as file:
        file.truncate(20 << 20)
    given = replace(assignment(("answer", "pass")), files=tmp_path)
    with pytest.raises(CourseError, match=r"data\.bin cannot lie beside .*larger than 16 MiB"):
        submission.Task.of([given], Policy())


@pytest.mark.slow
def test_the_formgraders_button_runs_the_same_engine(course: Path, one_job: Path) -> None:
    opened = Course.open(course)
    for student in ANSWERS:
        with tools_on_path():
            said = NbGraderAPI(opened.directory("hw"), config=opened.config).autograde(
                "hw", student
            )
        assert said["success"], said
    assert gradebook(course) == gradebook(one_job)
    assert '"classroom"' in next(iter(notebooks(course).values()))  # the engine's mark in a cell
