"""Grading a course's submissions, so that nothing is lost or done twice.

For each submission: (1) it is read and executed (`submission.execute`), in processes beside this
one or on other machines, and the result is put on the disk whole; (2) nbgrader's own conversion in
another process, one at a time, takes the result over and writes the gradebook and the `autograded`
folder; (3) the final entry goes into the journal. A run that is stopped anywhere goes on with
`classroom grade` again: what has no final entry is taken up where its last complete step ended, and
the steps can be repeated without harm.
"""

from __future__ import annotations

import contextlib
import queue
from asyncio import CancelledError
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from nbclassroom.course import Course
from nbclassroom.engine import untrusted
from nbclassroom.engine.report import Report, Status
from nbclassroom.engine.sandbox import bubblewrap
from nbclassroom.errors import CourseError, DeadlineError, FailedCallError, KitError

from . import fingerprint, gradebook, submission
from .pool import Pool
from .registration import register
from .results import FOLDER, Entry, Journal, Stage
from .settings import IsolatedExecute

_QUIET_SECONDS = 60.0  # without a result, after which the workers are looked at
_WRITE_SECONDS = gradebook.BUSY_SECONDS + gradebook.CONVERT_SECONDS


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
    """Where calls run: a `Pool` or a `Cluster`."""

    @property
    def width(self) -> int:
        """How many calls to have under way."""

    def share(self, value: Any) -> Any:
        """What to pass in place of a value that every call gets."""

    def check(self) -> None:
        """Raise `CourseError` where nobody is there any more who could do the calls."""

    def submit(self, function: Callable[..., Any], *arguments: Any, seconds: float) -> Any:
        """A future of the call, which may take so many seconds."""

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
    tell: Callable[[str], None] = lambda line: None,
) -> Generator[Step, None, None]:
    """Grade the submissions of an assignment; yields each as soon as it is final.

    Args:
        course: with the kit in its configuration (`nbclassroom.configure`).
        assignment: its name.
        chosen: students; default all with a submission.
        force: execute also what has not changed.
        jobs: submissions that are executed at the same time on this machine.
        scheduler: address of a Dask scheduler, whose workers execute them instead.
        tell: called with what the instructor should know of the run as a whole.

    Raises:
        CourseError: the assignment is not known, a student has no submission, there is no
            scheduler or no sandbox, or another run is at work.
    """
    known = students(course, assignment)
    for name in chosen or []:
        if name not in known:
            raise CourseError(f"{name} has no submission to {assignment}.")
    path = course.root / FOLDER / assignment / "journal.jsonl"
    with Journal(path) as journal, contextlib.ExitStack() as ends:
        if told := str(register(course, assignment)):
            tell(told)
        run = Run(course, assignment, needs_sandbox=not scheduler)
        if not scheduler:
            submission.prepare(run.task)  # once, for all who are forked now
        writer = Pool(1, forked=True)
        ends.callback(writer.close)
        workers = _executor(jobs, scheduler)
        ends.callback(workers.close)
        pipeline = _Pipeline(run, journal, workers, writer, force=force)
        yield from pipeline.steps(chosen or known)


def _executor(jobs: int, scheduler: str) -> Executor:
    if scheduler:
        from .cluster import Cluster

        return Cluster(scheduler)
    return Pool(jobs, forked=True)


class _Pipeline:
    """Submissions on their way: executed by `workers`, then written by `writer`, then final."""

    def __init__(
        self, run: Run, journal: Journal, workers: Executor, writer: Executor, *, force: bool
    ) -> None:
        self._run, self._journal, self._force = run, journal, force
        self._workers, self._writer = workers, writer
        self._events: queue.SimpleQueue[tuple[Callable[..., Entry | None], str, Any]]
        self._events = queue.SimpleQueue()
        self._executing = self._writing = self._number = 0
        self._fingerprints: dict[str, str] = {}
        self._aside: dict[str, list[str]] = {}
        self._entries: dict[str, Entry] = {}

    def steps(self, names: list[str]) -> Iterator[Step]:
        """Take every submission through; in the order in which they become final."""
        task = self._workers.share(self._run.task)
        waiting = iter(names)
        while True:
            while self._executing < self._workers.width and (name := next(waiting, None)):
                try:
                    entry = self._begin(name, task)
                    fresh = False
                except Exception as error:  # whatever it is, it is this student's affair alone
                    entry, fresh = _lost(name, "", f"grading failed: {error}"), True
                    self._journal.append(entry)
                if entry is not None:
                    self._number += 1
                    yield Step(entry, fresh, self._number, len(names))
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
                    self._run.stage.drop(student)
                self._number += 1
                yield Step(final, True, self._number, len(names))

    def _begin(self, student: str, task: Any) -> Entry | None:
        """Start on a submission; its entry where nothing has changed since it was graded."""
        run = self._run
        untrusted.check_folder(run.submitted(student))
        self._aside[student] = run.set_aside(student)
        found = self._fingerprints[student] = run.fingerprint(student)
        old = self._journal.entries.get(student)
        if old and old.fingerprint == found and not self._force and run.stands(student, old):
            return old
        if self._force or run.stage.reports(student, found) is None:
            run.stage.drop(student)
            handed_in = submission.Submission.read(run.submitted(student), student, found)
            seconds = submission.seconds(run.task)
            future = self._workers.submit(submission.execute, task, handed_in, seconds=seconds)
        else:  # executed by a run that was stopped before it was written
            future = Future()
            future.set_result(None)
        self._executing += 1
        self._when_done(future, self._executed, student)
        return None

    def _when_done(self, future: Any, after: Callable[..., Entry | None], student: str) -> None:
        future.add_done_callback(lambda done: self._events.put((after, student, done)))

    def _executed(self, student: str, future: Any) -> Entry | None:
        """The result is there: put it on the disk, and have it written."""
        self._executing -= 1
        run, found = self._run, self._fingerprints[student]
        try:
            if (files := future.result()) is not None:
                run.stage.put(student, files)
        except (Exception, CancelledError) as error:
            # What fails by itself fails again: it waits until something has changed.
            kept = found if isinstance(error, FailedCallError | DeadlineError) else ""
            return self._final(_lost(student, kept, f"grading failed: {error}"))
        reports = run.stage.reports(student, found)
        if reports is None:
            return self._final(_lost(student, found, "grading left no result"))
        entry = self._entries[student] = _entry(student, found, reports)
        if not entry.graded:
            return self._final(entry)
        self._writing += 1
        written = self._writer.submit(
            gradebook.write, run.course, run.assignment, student, run.stage.folder(student),
            seconds=_WRITE_SECONDS,
        )  # fmt: skip
        self._when_done(written, self._written, student)
        return None

    def _written(self, student: str, future: Any) -> Entry:
        """The gradebook has it, or says why not; then the next run tries again."""
        self._writing -= 1
        try:
            future.result()
        except KitError as error:
            cause = f"the gradebook could not be written: {error}. Grade again to write it"
            return self._final(_lost(student, "", cause))
        return self._final(self._entries.pop(student))

    def _final(self, entry: Entry) -> Entry:
        return replace(entry, flags=[*self._aside[entry.student], *entry.flags])


class Run:
    """What is the same for all submissions to an assignment.

    Raises:
        CourseError: the assignment was not released, the gradebook stays busy, or there is no
            sandbox.
    """

    def __init__(self, course: Course, assignment: str, *, needs_sandbox: bool = True) -> None:
        self.course, self.assignment = course, assignment
        self.stage = Stage(course.root, assignment)
        policy = IsolatedExecute(config=course.config).policy()
        if needs_sandbox:
            bubblewrap.check(policy)
        notebooks = gradebook.assignments(course, assignment)
        self.task = submission.Task.of(notebooks, policy)
        self._common = fingerprint.combined(
            fingerprint.of_assignment(notebooks), fingerprint.of_environment(policy)
        )

    def submitted(self, student: str) -> Path:
        """The submission's folder."""
        return self._place("submitted", student)

    def _place(self, step: str, student: str) -> Path:
        directory = self.course.directory(self.assignment)
        path = directory.format_path(
            getattr(directory, f"{step}_directory"), student, self.assignment
        )
        return self.course.root / path

    def set_aside(self, student: str) -> list[str]:
        """Move what may not be in a submission out of it, and say what that was."""
        moved = submission.set_aside(self.submitted(student), self.course.root)
        where = submission.REFUSED
        return [f"{each.path} was moved to {where}/: {each.cause}" for each in moved]

    def fingerprint(self, student: str) -> str:
        """Of all that the submission's result depends on."""
        return fingerprint.combined(self._common, fingerprint.of_folder(self.submitted(student)))

    def stands(self, student: str, entry: Entry) -> bool:
        """Whether the result of a final entry is still there."""
        return not entry.graded or self._place("autograded", student).is_dir()


def _lost(student: str, fingerprint: str, cause: str) -> Entry:
    return Entry(student, fingerprint, False, causes=[cause])


def _entry(student: str, fingerprint: str, reports: list[Report]) -> Entry:
    cells = [cell for report in reports for cell in report.cells]

    return Entry(
        student,
        fingerprint,
        graded=any(report.graded for report in reports),
        score=sum(report.score for report in reports),
        max_score=sum(report.max_score for report in reports),
        by_hand=sum(cell.status is Status.MANUAL for cell in cells),
        causes=[str(problem) for report in reports for problem in report.problems],
        flags=[str(flag) for report in reports for flag in report.flags],
        relying=[cell.name for cell in cells if cell.relies_on_student],
        cpu_seconds=sum(report.cpu_seconds for report in reports),
    )
