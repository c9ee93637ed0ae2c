"""Grading a course's submissions, so that nothing is lost or done twice.

For each submission: (1) the pure step (`work`), here, in processes beside this one or on other
machines, whose result is put on the disk whole; (2) nbgrader's own conversion in another process,
one at a time, which finds the result there instead of executing, and writes the gradebook and the
`autograded` folder; (3) the final entry in the journal. A run that is stopped anywhere goes on with
`classroom grade` again: what has no final entry is taken up where its last complete step ended, and
the steps can be repeated without harm.
"""

from __future__ import annotations

import contextlib
import functools
import json
import queue
import shutil
import time
import warnings
from asyncio import CancelledError
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol
from unittest import mock

from nbgrader.api import Base, Gradebook
from nbgrader.converters import Autograde
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError, SAWarning

from nbclassroom.course import Course, CourseError, nbgrader_log, tools_on_path
from nbclassroom.engine.assignment import Assignment, LanguageError
from nbclassroom.engine.report import Report, Status
from nbclassroom.engine.sandbox import bubblewrap

from . import child, fingerprint, nbgrader_hooks, submission
from .nbgrader_hooks import IsolatedExecute
from .pool import Here, HostGoneError, Hosts
from .results import Entry, Journal, write_whole

FOLDER = ".classroom"
_APPLY_SECONDS = 600.0
_QUIET_SECONDS = 60.0  # without a result, after which the workers are looked at
_BUSY_SECONDS = 900.0  # how long a gradebook may be somebody else's before we give up for now
_BUSY = "the gradebook is busy or out of reach"


@dataclass(frozen=True)
class Step:
    """One submission's turn.

    Attributes:
        entry: the final entry.
        fresh: it was graded now; else it stood in the journal already.
        number: which of `total` submissions it is.
    """

    entry: Entry
    fresh: bool
    number: int
    total: int


def students(course: Course, assignment: str) -> list[str]:
    """The students with a submission to the assignment, sorted."""
    directory = course.directory(assignment)
    pattern = directory.format_path(directory.submitted_directory, "*", assignment)
    return sorted(path.parent.name for path in course.root.glob(str(_inside(course, pattern)))
                  if path.is_dir())  # fmt: skip


def _inside(course: Course, path: str) -> Path:
    given = Path(path)
    return given.relative_to(course.root) if given.is_absolute() else given


class Executor(Protocol):
    """Where calls run: `Here`, `Hosts` or a `Cluster`."""

    @property
    def width(self) -> int:
        """How many calls to have under way."""

    def share(self, value: Any) -> Any:
        """What to pass in place of a value that every call gets."""

    def check(self) -> None:
        """Raise `CourseError` where nobody is there any more who could do the calls."""

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """A future of the call."""

    def close(self) -> None:
        """End what it started."""


def grade_course(
    course: Course,
    assignment: str,
    chosen: list[str] | None = None,
    *,
    force: bool = False,
    jobs: int = 1,
    scheduler: str = "",
) -> Generator[Step, None, None]:
    """Grade the submissions of an assignment; yields each as soon as it is final.

    Args:
        course: with the engine in its configuration (`nbclassroom.configure`).
        assignment: its name.
        chosen: students; default all with a submission.
        force: execute also what has not changed.
        jobs: submissions that are executed at the same time on this machine.
        scheduler: address of a Dask scheduler, whose workers execute them instead.

    Raises:
        CourseError: the assignment was not released, a student has no submission, or there is no
            scheduler.
        SandboxError: no sandbox can be had.
        JournalError: another run is at work.
    """
    run = _Run(course, assignment, force, needs_sandbox=not scheduler)
    known = students(course, assignment)
    for name in chosen or []:
        if name not in known:
            raise CourseError(f"{name} has no submission to {assignment}.")
    with Journal(run.folder / "journal.jsonl") as journal, contextlib.ExitStack() as ends:
        if jobs > 1:
            submission.prepare(run.task)  # once, for all who are forked now
        # One writer to the gradebook; in a process of its own where this one has threads.
        writer: Executor = Here() if jobs == 1 and not scheduler else Hosts(1, forked=True)
        ends.callback(writer.close)
        workers = _executor(jobs, scheduler)
        ends.callback(workers.close)
        yield from _Line(run, journal, workers, writer).steps(chosen or known)


def _executor(jobs: int, scheduler: str) -> Executor:
    if scheduler:
        from .cluster import Cluster

        return Cluster(scheduler)
    return Here() if jobs == 1 else Hosts(jobs, forked=True)


class _Line:
    """Submissions on their way: executed by `workers`, then written by `writer`, then final."""

    def __init__(self, run: _Run, journal: Journal, workers: Executor, writer: Executor) -> None:
        self._run, self._journal = run, journal
        self._workers, self._writer = workers, writer
        self._events: queue.SimpleQueue[tuple[Callable[..., Entry | None], str, Any]]
        self._events = queue.SimpleQueue()
        self._executing = self._writing = self._number = 0
        self._marks: dict[str, str] = {}
        self._aside: dict[str, list[str]] = {}
        self._entries: dict[str, Entry] = {}

    def steps(self, names: list[str]) -> Iterator[Step]:
        """Take every submission through; in the order in which they become final."""
        task = self._workers.share(self._run.task)
        waiting = iter(names)
        while True:
            while self._executing < self._workers.width and (name := next(waiting, None)):
                if (entry := self._begin(name, task)) is not None:
                    self._number += 1
                    yield Step(entry, False, self._number, len(names))
            if not self._executing and not self._writing:
                return
            try:
                after, student, future = self._events.get(timeout=_QUIET_SECONDS)
            except queue.Empty:
                self._workers.check()
                continue
            if (final := after(student, future)) is not None:
                self._journal.append(final)
                if final.fingerprint:  # else what is there waits for the next run
                    shutil.rmtree(self._run.staged(student), ignore_errors=True)
                self._number += 1
                yield Step(final, True, self._number, len(names))

    def _begin(self, student: str, task: Any) -> Entry | None:
        """Start on a submission; its entry where nothing has changed since it was graded."""
        run = self._run
        self._aside[student] = run.set_aside(student)
        mark = self._marks[student] = run.fingerprint(student)
        old = self._journal.entries.get(student)
        if old and old.fingerprint == mark and not run.force and run.stands(student, old):
            return old
        self._executing += 1
        if run.force or run.reports(student, mark) is None:
            shutil.rmtree(run.staged(student), ignore_errors=True)
            handed_in = submission.Submission.read(run.submitted(student), student, mark)
            future = self._workers.submit(submission.execute, task, handed_in)
        else:  # executed by a run that was stopped before it was written
            future = Future()
            future.set_result(None)
        self._when_done(future, self._executed, student)
        return None

    def _when_done(self, future: Any, after: Callable[..., Entry | None], student: str) -> None:
        future.add_done_callback(lambda done: self._events.put((after, student, done)))

    def _executed(self, student: str, future: Any) -> Entry | None:
        """The result of the pure step is there: put it on the disk, and have it written."""
        self._executing -= 1
        run, mark = self._run, self._marks[student]
        try:
            if (files := future.result()) is not None:
                run.stage(student, files)
        except (Exception, CancelledError) as error:
            again = not isinstance(error, child.ChildError) or isinstance(error, HostGoneError)
            return self._final(_lost(student, "" if again else mark, f"grading failed: {error}"))
        reports = run.reports(student, mark)
        if reports is None:
            return self._final(_lost(student, mark, "grading left no result"))
        entry = self._entries[student] = _entry(student, mark, reports)
        if not entry.graded:
            return self._final(entry)
        self._writing += 1
        written = self._writer.submit(
            apply, run.course, run.assignment, student, run.staged(student)
        )
        self._when_done(written, self._written, student)
        return None

    def _written(self, student: str, future: Any) -> Entry:
        """The gradebook has it, or says why not; then the next run tries again."""
        self._writing -= 1
        try:
            future.result()
        except child.ChildError as error:
            cause = f"the gradebook could not be written: {error}. Grade again to write it"
            return self._final(_lost(student, "", cause))
        return self._final(self._entries.pop(student))

    def _final(self, entry: Entry) -> Entry:
        return replace(entry, flags=[*self._aside[entry.student], *entry.flags])


class _Run:
    """What is the same for all submissions of a run."""

    def __init__(
        self, course: Course, assignment: str, force: bool, *, needs_sandbox: bool
    ) -> None:
        self.course, self.assignment, self.force = course, assignment, force
        self.folder = course.root / FOLDER / assignment
        policy = IsolatedExecute(config=course.config).policy()
        if needs_sandbox and not policy.trust_submissions:
            bubblewrap.check(policy)
        notebooks = _patiently(self._notebooks)
        self.task = submission.Task.of(notebooks, policy)
        self._common = fingerprint.combined(
            fingerprint.of_assignment(notebooks), fingerprint.of_environment(policy)
        )

    def _notebooks(self) -> list[Assignment]:
        directory = self.course.directory(self.assignment)
        with tools_on_path():
            try:
                with Gradebook(directory.db_url, directory.course_id) as book:
                    known = book.find_assignment(self.assignment).notebooks
                    names = [notebook.name for notebook in known]
                config = self.course.config
                return [
                    nbgrader_hooks.from_course(directory, self.assignment, name, config)
                    for name in sorted(names)
                ]
            except LanguageError as error:
                raise CourseError(str(error)) from None
            except nbgrader_hooks.MissingEntry as error:
                raise CourseError(
                    f"the gradebook does not know {self.assignment} ({error}): run "
                    f"`nbgrader generate_assignment {self.assignment}` first"
                ) from None

    def submitted(self, student: str) -> Path:
        """The submission's folder."""
        return self._place("submitted", student)

    def _place(self, step: str, student: str) -> Path:
        directory = self.course.directory(self.assignment)
        path = directory.format_path(
            getattr(directory, f"{step}_directory"), student, self.assignment
        )
        return self.course.root / path

    def staged(self, student: str) -> Path:
        """Where results wait until the gradebook has them."""
        return self.folder / "staged" / student

    def stage(self, student: str, files: dict[str, bytes]) -> None:
        """Put the files of a result on the disk; it is complete once the reports are there."""
        for name in sorted(files, key=lambda name: name == submission.REPORTS):
            write_whole(self.staged(student) / name, files[name])

    def set_aside(self, student: str) -> list[str]:
        """Move what may not be in a submission out of it, and say what that was."""
        moved = nbgrader_hooks.set_aside_files(self.submitted(student), self.course.root)
        return [
            f"{each.path} was moved to {nbgrader_hooks.REFUSED}/: {each.cause}" for each in moved
        ]

    def fingerprint(self, student: str) -> str:
        """Of all that the submission's result depends on."""
        return fingerprint.combined(self._common, fingerprint.of_folder(self.submitted(student)))

    def stands(self, student: str, entry: Entry) -> bool:
        """Whether the result of a final entry is still there."""
        return not entry.graded or self._place("autograded", student).is_dir()

    def reports(self, student: str, mark: str) -> list[Report] | None:
        """The complete result of the pure step, if it is there and of this submission."""
        try:
            record = json.loads((self.staged(student) / submission.REPORTS).read_bytes())
        except (OSError, ValueError):
            return None
        if record.get("fingerprint") != mark:
            return None
        return [Report.from_dict(report) for report in record["reports"].values()]


def _patiently(work: Callable[[], Any]) -> Any:
    """Repeat what found the gradebook locked by another program, until it is free."""
    end = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            return work()
        except OperationalError as error:
            if time.monotonic() > end:
                raise CourseError(f"{_BUSY}: {error.orig}") from None
            time.sleep(1)


def apply(course: Course, assignment: str, student: str, staged: Path) -> None:
    """Let nbgrader convert a submission, in a process of its own; a busy gradebook is waited for.

    Args:
        course: the course.
        assignment: its name.
        student: whose submission.
        staged: where the results of the pure step are.

    Raises:
        child.ChildError: it cannot be written.
    """
    end = time.monotonic() + _BUSY_SECONDS
    killed = 0
    while True:
        try:
            _line().call(_convert, course, assignment, student, staged, seconds=_APPLY_SECONDS)
            return
        except child.ChildError as error:
            killed += "SIGKILL" in str(error)
            again = _BUSY in str(error) or 0 < killed < 3
            if not again or time.monotonic() > end:
                raise
            time.sleep(1)


@functools.cache
def _line() -> child.Line:
    """The process in which nbgrader converts, so that what its libraries build is built once."""
    return child.Line()


@functools.cache
def _engine(url: str, **options: Any) -> Engine:
    """One memory of compiled statements for all of nbgrader's sessions."""
    return create_engine(url, **options)


def _convert(course: Course, assignment: str, student: str, staged: Path) -> None:
    config = deepcopy(course.config)
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.assignment_id = assignment
    config.CourseDirectory.student_id = student
    config.IsolatedExecute.staged = str(staged)
    config.Autograde.force = True
    directory = Course(course.root, config).directory(assignment)
    directory.student_id = student
    # nbgrader makes a submission's rows before it adds them to the session; nothing is lost by
    # what SQLAlchemy then warns of, as all of them are added in the end.
    warnings.filterwarnings("ignore", "Object of type <Submitted", SAWarning)
    shared = mock.patch("nbgrader.api.create_engine", _engine)
    no_tables = mock.patch.object(Base.metadata, "create_all")  # this run has read from them
    with tools_on_path(), nbgrader_log() as log, shared, no_tables:
        try:
            Autograde(coursedir=directory, config=config).start()
        except BaseException as error:
            text = log.getvalue()
            busy = f"{_BUSY}: " * (
                "OperationalError" in text or isinstance(error, OperationalError)
            )
            lines = [line for line in text.splitlines() if line.strip()]
            raise RuntimeError(f"{busy}{error} {' '.join(lines[-6:])}"[:2000]) from None


def _lost(student: str, mark: str, cause: str) -> Entry:
    return Entry(student, mark, False, causes=[cause])


def _entry(student: str, mark: str, reports: list[Report]) -> Entry:
    cells = [cell for report in reports for cell in report.cells]

    def said(select: Callable[[Report], list[object]]) -> list[str]:
        return [str(text) for report in reports for text in select(report)]

    def line(problem: object) -> str:
        cell, cause, advice = (getattr(problem, name) for name in ("cell", "cause", "advice"))
        return ": ".join(filter(None, [cell, cause])) + (f". {advice}" if advice else "")

    return Entry(
        student,
        mark,
        graded=any(report.graded for report in reports),
        score=sum(report.score for report in reports),
        max_score=sum(report.max_score for report in reports),
        by_hand=sum(cell.status is Status.MANUAL for cell in cells),
        causes=said(lambda report: [line(problem) for problem in report.problems]),
        flags=said(lambda report: [line(flag) for flag in report.flags]),
        weaker=[cell.name for cell in cells if cell.weaker],
        cpu_seconds=sum(report.cpu_seconds for report in reports),
    )
