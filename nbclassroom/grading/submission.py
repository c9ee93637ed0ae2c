"""One student's notebooks, executed: a function of plain values, so that it can run anywhere.

No course folder and no database: a `Task` and a `Submission` hold every byte that is needed, and
the result is the content of a few files. `execute` runs in a process of the pool (`pool`) or on
another machine (`cluster`).
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from nbclassroom.engine import grading, name_analysis, untrusted
from nbclassroom.engine.assignment import Assignment
from nbclassroom.engine.limits import Policy
from nbclassroom.engine.report import Problem, Report
from nbclassroom.engine.sandbox import shared
from nbclassroom.engine.tempdirs import sweep, temporary_folder
from nbclassroom.errors import CourseError, UnreadableError

from . import fingerprint
from .results import REPORTS

REFUSED = "refused"
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Task:
    """What is the same for all submissions to an assignment.

    Attributes:
        assignments: its notebooks; what lies beside them is in `files`.
        files: path -> content of the files that both processes find beside a notebook.
        policy: limits and environment; without an interpreter it is the worker's own.
        packages: installed where the run was started; elsewhere they must be the same.
    """

    assignments: tuple[Assignment, ...]
    files: Files
    policy: Policy
    packages: tuple[str, ...]

    @classmethod
    def of(cls, assignments: Iterable[Assignment], policy: Policy) -> Task:
        """The task of an assignment's notebooks on this machine.

        Raises:
            CourseError: a file beside them is too large, or a link.
        """
        given = tuple(assignments)
        files: dict[str, bytes] = {}
        for folder in {each.files for each in given if each.files}:
            _, refused = untrusted.files(folder)
            if refused:
                path, cause = folder / refused[0].path, refused[0].cause
                raise CourseError(f"{path} cannot lie beside the assignment: {cause}.")
            files |= _contents(folder)
        if policy.python == sys.executable:
            policy = replace(policy, python="")
        bare = tuple(replace(each, files=None) for each in given)
        return cls(bare, files, policy, fingerprint.packages())


@dataclass(frozen=True)
class Submission:
    """One student's files.

    Attributes:
        fingerprint: of all that the result depends on.
        notebooks: file name -> content, or the cause and the advice where it cannot be read.
        files: path -> content of what lies beside them.
    """

    student: str
    fingerprint: str
    notebooks: Mapping[str, bytes | tuple[str, str]]
    files: Files

    @classmethod
    def read(cls, folder: Path, student: str, fingerprint: str) -> Submission:
        """Read a submission as data under limits; nothing of it is interpreted.

        Raises:
            UnreadableError: its folder, or the student's, is a link.
        """
        untrusted.check_folder(folder)
        notebooks: dict[str, bytes | tuple[str, str]] = {}
        for path in sorted(folder.glob("*.ipynb")):
            try:
                notebooks[path.name] = untrusted.read(path)
            except UnreadableError as error:
                notebooks[path.name] = (error.cause, error.advice)
        return cls(student, fingerprint, notebooks, _contents(folder))


def _contents(folder: Path) -> dict[str, bytes]:
    taken, _ = untrusted.files(folder)
    return {path.as_posix(): (folder / path).read_bytes() for path in taken}


def set_aside(folder: Path, root: Path) -> list[untrusted.RefusedFile]:
    """Move what a submission may not hold to `refused/` in the course; nothing is deleted.

    Each time it goes to a fresh folder, and of a link only a text that says where it pointed: so
    nothing that is moved later can go through what was moved before.

    Args:
        folder: the submission's, `.../<student>/<assignment>`.
        root: the course's.

    Returns:
        What was moved: links, special files and what is too large.

    Raises:
        OSError: something cannot be moved.
    """
    _, refused = untrusted.files(folder)
    if refused:
        place = _fresh_folder(root / REFUSED / Path(*folder.parts[-2:]))
        for each in refused:
            _move(folder / each.path, place / each.path)
    return refused


def _fresh_folder(parent: Path) -> Path:
    """A new folder in `parent`, named by the next number."""
    parent.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        with contextlib.suppress(FileExistsError):
            (parent / str(number)).mkdir()
            return parent / str(number)
    raise AssertionError("numbers do not end")


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_symlink():
        target = target.with_name(f"{target.name}.link")
    while os.path.lexists(target):
        target = target.with_name(f"{target.name}~")
    if source.is_symlink():
        target.write_bytes(b"a link to " + os.fsencode(source.readlink()) + b"\n")
        source.unlink()
    else:
        source.rename(target)


def seconds(task: Task) -> float:
    """After which a submission has surely hung, and not only its cells."""
    cells = sum(len(each.cells) for each in task.assignments) + 100
    return 600 + cells * task.policy.cell_wall


def execute(task: Task, submission: Submission) -> dict[str, bytes]:
    """Grade a submission.

    Returns:
        Name -> content: `results.REPORTS`, and each notebook as it was executed.

    Raises:
        CourseError: this is not the environment the task is meant for.
    """
    _check_packages(task.packages)
    task = prepare(task)
    with temporary_folder() as folder:
        out = folder / "out"
        out.mkdir()
        _grade(task, submission, folder, out)
        return {path.name: path.read_bytes() for path in out.iterdir()}


def prepare(task: Task) -> Task:
    """Do once in this process what serves all submissions and every process forked of it.

    Returns:
        The task for this machine's interpreter.
    """
    task = replace(task, policy=replace(task.policy, python=task.policy.python or sys.executable))
    sweep()
    for each in task.assignments:
        name_analysis.plan(each)  # which remembers what it reads
    shared.launcher(task.policy)
    return task


def _check_packages(wanted: tuple[str, ...]) -> None:
    """Refuse an environment that could give other scores."""
    here = fingerprint.packages()
    if here != wanted:
        other = sorted(set(here) ^ set(wanted))
        raise CourseError(
            f"the worker on {os.uname().nodename} has other packages than the grader "
            f"({', '.join(other[:6])}{' ...' * (len(other) > 6)}): install the same environment"
        )


def _grade(task: Task, submission: Submission, place: Path, out: Path) -> None:
    """Grade every notebook of the assignment, and leave the files of the result in `out`."""
    beside = _written(task.files, place / "assignment") if task.files else None
    folder = _written(submission.files, place / "submission")
    reports = {}
    for assignment in task.assignments:
        given = submission.notebooks.get(f"{assignment.name}.ipynb")
        if given is None:
            report = _missing(assignment.name, sorted(submission.notebooks))
        elif isinstance(given, tuple):
            report = grading.unreadable(assignment.name, *given)
        else:
            path = folder / f"{assignment.name}.ipynb"
            path.write_bytes(given)
            report = grading.grade(path, replace(assignment, files=beside), task.policy)
        if report.notebook is not None:
            text = nbformat.writes(report.notebook).encode(errors="replace")
            (out / f"{assignment.name}.ipynb").write_bytes(text)
        reports[assignment.name] = report.to_dict()
    record = {"fingerprint": submission.fingerprint, "reports": reports}
    (out / REPORTS).write_bytes(json.dumps(record).encode())


def _written(files: Files, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return folder


def _missing(name: str, others: list[str]) -> Report:
    """The report on a notebook that was not handed in under its name."""
    found = f"; there is {', '.join(others)}" if others else ""
    advice = f"If one of them is meant, rename it to {name}.ipynb and grade again" if others else ""
    problem = Problem(f"{name}.ipynb was not handed in{found}", advice)
    return Report(name, graded=False, problems=[problem])
