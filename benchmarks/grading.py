"""What grading costs: stock `nbgrader autograde` against `classroom grade`, on the same class.

Two assignments (`course/source`): `tensors` only computes with torch, `prompts` asks SmolLM2 in its
tests. A class is made of the answers in `course/tests/submissions`. Printed are, with the machine's
load beside them:

- CPU seconds per submission of stock, of ours and of the floor (the same cells in a child that is
  forked from a warm interpreter, nothing else), and every score that differs between stock and ours
  or from what the bank says;
- throughput of two jobs against one, beside what two cores of this machine give to the floor itself
  (cores share memory and caches), and the memory that a further job takes;
- CPU seconds per submission in a small and a large class, ours only.

CPU is user and system time of every process that a run started, start-up included. Runs with one
job are pinned to one core. The targets are those of the whole sandbox and every check switched on.

    python benchmarks/grading.py                                # all of it: hours
    python benchmarks/grading.py --students 20 --large 60       # minutes
    python benchmarks/grading.py --parts compare --only tensors
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from nbclassroom.authoring import sample
from nbclassroom.authoring.bank import Bank
from nbclassroom.course import CONFIG_FILE, Course, nbgrader
from nbclassroom.engine import Assignment, restore, untrusted
from openllms import models

HERE = Path(__file__).parent / "course"
ASSIGNMENTS = ("tensors", "prompts")
PRELOAD = ("numpy", "torch", "transformers", "openllms.models.preload")  # as in the course's policy
STOCK = "c = get_config()\nc.CourseDirectory.course_id = 'bench'\nc.Execute.timeout = 120\n"
CACHE = "OPENLLMS_CACHE"
MIB = 1 << 20
_PR_SET_CHILD_SUBREAPER = 36
#: Runs the floor in the folder where it is started.
FLOOR = [
    sys.executable, "-c",
    f"import {', '.join(PRELOAD)}, runpy; runpy.run_path({__file__!r}, run_name='floor')",
]  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """What a command took: CPU seconds of all its processes, seconds, and peak memory in bytes.

    Memory is the sum of proportional set sizes, in which a page that is shared counts once; it is
    looked at only where `measured` is asked to.
    """

    cpu: float
    wall: float
    memory: int = 0


def measured(command: list[str], folder: Path, cores: int = 1, *, memory: bool = False) -> Cost:
    """Run a command in a folder on the last `cores` cores, and count all that it starts.

    The process between is its descendants' reaper, so that none escapes the count.
    """
    read, write = os.pipe()
    process = os.fork()
    if process == 0:
        status = 1
        try:
            status = _counted(command, folder, cores, write)
        finally:
            os._exit(status)
    os.close(write)
    peak = _Peak(process) if memory else None
    with os.fdopen(read) as pipe:
        said = pipe.read()
    _, status = os.waitpid(process, 0)
    if status or not said:
        raise SystemExit(f"{' '.join(command)} failed in {folder}; see {folder / 'log'}")
    return Cost(**json.loads(said), memory=peak.end() if peak else 0)


def _counted(command: list[str], folder: Path, cores: int, write: int) -> int:
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-cores:])
    begun = time.monotonic()
    with (folder / "log").open("w") as log:
        done = subprocess.run(command, cwd=folder, stdout=log, stderr=log, check=False)
    wall = time.monotonic() - begun
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    os.write(write, json.dumps({"cpu": used.ru_utime + used.ru_stime, "wall": wall}).encode())
    return done.returncode


class _Peak(threading.Thread):
    """Looks at the memory of a process tree until it is asked to end."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self._root, self._over, self._peak = psutil.Process(root), threading.Event(), 0
        self.start()

    def run(self) -> None:
        while not self._over.wait(0.2):
            self._peak = max(self._peak, sum(map(_proportional, self._tree())))

    def _tree(self) -> list[psutil.Process]:
        try:
            return self._root.children(recursive=True)
        except psutil.Error:
            return []

    def end(self) -> int:
        self._over.set()
        self.join()
        return self._peak


def _proportional(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.Error, OSError):
        return 0


@contextmanager
def readable_model() -> Iterator[None]:
    """The model where a sandbox may read it: a fetched one may be closed to other users."""
    source = models.fetch(progress=False)
    with tempfile.TemporaryDirectory(prefix="bench-models-") as folder:
        target = Path(folder, source.name)
        shutil.copytree(source, target)
        for path in (Path(folder), target, *target.iterdir()):
            path.chmod(0o755 if path.is_dir() else 0o644)
        os.environ |= {CACHE: folder, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
        yield


def make_class(assignment: str, size: int, root: Path) -> Bank:
    """A released assignment with `size` submissions, in a course folder of its own."""
    course = Course.open(HERE)
    bank = Bank.read(course, assignment, HERE / "tests" / "submissions" / assignment)
    copied = sample.copy(course, root, [assignment])
    nbgrader(copied, "generate_assignment", assignment)
    sample.hand_in(copied, bank, sample.class_of(bank, size))
    return bank


def scores(root: Path) -> dict[tuple[str, str], float]:
    """The gradebook: (student, cell) -> score."""
    query = (
        "select sa.student_id, c.name, g.auto_score from grade g join base_cell c on"
        " g.cell_id = c.id join submitted_notebook sn on g.notebook_id = sn.id"
        " join submitted_assignment sa on sn.assignment_id = sa.id"
    )
    with sqlite3.connect(root / "gradebook.db") as book:
        return {(student, cell): score for student, cell, score in book.execute(query)}


def stock(assignment: str, base: Path, root: Path) -> Cost:
    """Grade a copy of the class with nbgrader as it comes."""
    shutil.copytree(base, root)
    (root / CONFIG_FILE).write_text(STOCK)
    return measured([sys.executable, "-m", "nbgrader", "autograde", assignment], root)


def ours(
    assignment: str, base: Path, root: Path, *options: str, cores: int = 1, memory: bool = False
) -> Cost:
    """Grade a copy of the class with `classroom grade`."""
    shutil.copytree(base, root)
    command = [sys.executable, "-m", "nbclassroom", "grade", assignment, *options]
    return measured(command, root, cores, memory=memory)


def floor(assignment: str, base: Path, root: Path) -> float:
    """CPU seconds per submission of the same cells, each submission in a fork of a warm process."""
    count = write_cells(assignment, base, root)
    measured(FLOOR, root)
    return float((root / "floor").read_text()) / count


def bound(assignment: str, base: Path, root: Path) -> float:
    """How much faster two floors are side by side on two cores than in turn on one."""
    write_cells(assignment, base, root)
    command = shlex.join(FLOOR)
    in_turn = measured(["/bin/sh", "-c", f"{command}; {command}"], root)
    side_by_side = measured(["/bin/sh", "-c", f"{command} & {command} & wait"], root, 2)
    return in_turn.wall / side_by_side.wall


def write_cells(assignment: str, base: Path, root: Path) -> int:
    """Leave the cells of every submission in a new folder; how many submissions there are."""
    source = HERE / "source" / assignment / f"{assignment}.ipynb"
    trusted = Assignment.read(source)
    cells = []
    for path in sorted(base.glob(f"submitted/*/{assignment}/*.ipynb")):
        notebook, _ = restore.restore(untrusted.read_notebook(path), trusted)
        cells.append([cell.source for cell in notebook.cells if cell.cell_type == "code"])
    root.mkdir()
    (root / "cells.json").write_text(json.dumps(cells))
    return len(cells)


def run_floor() -> None:
    """In the warm interpreter: fork, run the cells, count."""
    for cells in json.loads(Path("cells.json").read_text()):
        process = os.fork()
        if process == 0:
            names: dict[str, object] = {"__name__": "__main__"}
            for text in cells:
                try:
                    exec(compile(text, "cell", "exec"), names)
                except Exception:  # as in a notebook, the next cell runs all the same
                    continue
            os._exit(0)
        os.waitpid(process, 0)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    Path("floor").write_text(str(used.ru_utime + used.ru_stime))


def load() -> str:
    """The machine's load beside a figure."""
    return f"load {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores"


def compare(assignment: str, size: int, rounds: int, scratch: Path) -> None:
    """Stock and ours in turn, and the floor."""
    base = scratch / f"{assignment}-{size}"
    bank = make_class(assignment, size, base)
    theirs, mine, least = [], [], []
    for number in range(rounds):
        places = [scratch / f"{assignment}-{kind}-{number}" for kind in ("stock", "ours", "floor")]
        theirs.append(stock(assignment, base, places[0]).cpu / size)
        print(f"{assignment}: stock {theirs[-1]:.3f} CPU s per submission; {load()}", flush=True)
        mine.append(ours(assignment, base, places[1]).cpu / size)
        print(f"{assignment}: ours {mine[-1]:.3f} CPU s per submission; {load()}", flush=True)
        least.append(floor(assignment, base, places[2]))
        print(f"{assignment}: floor {least[-1]:.3f} CPU s per submission; {load()}", flush=True)
        differing(assignment, bank, size, scores(places[0]), scores(places[1]))
        for place in places:
            shutil.rmtree(place)
    a, b, c = (min(column) for column in (theirs, mine, least))
    print(f"{assignment}, {size} submissions: {a / b:.1f} times less than stock"
          f"{' (at least 10)' * (assignment == 'tensors')}, {b / c:.2f} times the floor"
          f"{' (at most 1.5)' * (assignment == 'prompts')}", flush=True)  # fmt: skip


def differing(
    assignment: str,
    bank: Bank,
    size: int,
    theirs: dict[tuple[str, str], float],
    mine: dict[tuple[str, str], float],
) -> None:
    """Compare score by score."""
    stated = {
        (student, cell): score
        for student, submission in sample.class_of(bank, size).items()
        for cell, score in submission.scores.items()
    }
    wrong = {key for key in stated if not theirs.get(key) == mine.get(key) == stated[key]}
    for key in sorted(wrong):
        print(f"  {key}: stock {theirs.get(key)}, ours {mine.get(key)}, bank {stated[key]}")
    print(f"{assignment}: {len(stated)} scores compared, {len(wrong)} differ", flush=True)


def jobs(assignment: str, size: int, scratch: Path) -> None:
    """Two jobs on two cores against one on one, and the second one's memory."""
    base = scratch / f"{assignment}-jobs"
    make_class(assignment, size, base)
    costs = {}
    for number in (1, 2):
        place = scratch / f"{assignment}-jobs-{number}"
        costs[number] = ours(assignment, base, place, "--jobs", str(number), cores=number)
        rate = 3600 * size / costs[number].wall
        print(f"{assignment}: {number} job(s) {rate:.0f} submissions an hour,"
              f" {costs[number].cpu / size:.3f} CPU s each; {load()}", flush=True)  # fmt: skip
    gain = costs[1].wall / costs[2].wall
    few = scratch / f"{assignment}-few"
    make_class(assignment, min(size, 20), few)
    most = bound(assignment, few, scratch / f"{assignment}-bound")
    print(f"{assignment}: 2 jobs do {gain:.2f} times the work of 1 (at least 1.8); the floor alone"
          f" does {most:.2f} times; {load()}", flush=True)  # fmt: skip
    peaks = []
    for number in (2, 3):
        place = scratch / f"{assignment}-memory-{number}"
        held = ours(assignment, base, place, "--jobs", str(number), cores=2, memory=True).memory
        peaks.append(held)
        print(f"{assignment}: {number} jobs hold {held / MIB:.0f} MiB at the peak", flush=True)
    print(f"{assignment}: a further worker holds {(peaks[1] - peaks[0]) / MIB:.0f} MiB"
          " (at most 250)", flush=True)  # fmt: skip


def _fresh(root: Path) -> Path:
    """A place for a course where none is yet."""
    shutil.rmtree(root, ignore_errors=True)
    return root


def flat(assignment: str, small: int, large: int, scratch: Path) -> None:
    """CPU per further submission in a small and in a large class."""
    each = {}
    for size in (small, large):
        base = scratch / f"{assignment}-flat-{size}"
        make_class(assignment, size, base)
        repeated = 5 if size == small else 1  # start-up varies by as much as a few submissions take
        one, whole = (
            min(
                ours(assignment, base, _fresh(scratch / "flat"), *chosen).cpu
                for _ in range(repeated)
            )
            for chosen in (("--student", "student-01"), ())
        )
        each[size] = (whole - one) / (size - 1)
        print(f"{assignment}: in a class of {size} a further submission takes"
              f" {each[size]:.3f} CPU s (start-up and one take {one:.1f}); {load()}",
              flush=True)  # fmt: skip
        shutil.rmtree(base)
    change = each[large] / each[small] - 1
    print(f"{assignment}: from {small} to {large} submissions {change:+.1%} (within 10%)")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=100, help="size of the class")
    parser.add_argument("--large", type=int, default=1000, help="size of the large class")
    parser.add_argument("--rounds", type=int, default=1, help="times that stock and ours alternate")
    parser.add_argument("--only", choices=ASSIGNMENTS, help="one of the two assignments")
    parser.add_argument(
        "--parts", nargs="+", choices=("compare", "jobs", "flat"),
        default=["compare", "jobs", "flat"],
    )  # fmt: skip
    given = parser.parse_args()
    chosen = (given.only,) if given.only else ASSIGNMENTS
    with readable_model(), tempfile.TemporaryDirectory(prefix="bench-") as folder:
        if "compare" in given.parts:
            for assignment in chosen:
                compare(assignment, given.students, given.rounds, Path(folder))
        if "jobs" in given.parts:
            jobs(chosen[-1], given.students, Path(folder))
        if "flat" in given.parts:
            flat(chosen[0], 20, given.large, Path(folder))


if __name__ == "__main__":
    main()
elif __name__ == "floor":
    run_floor()
