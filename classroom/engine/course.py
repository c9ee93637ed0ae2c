"""Grading a course's submissions, one after the other, so that nothing is lost or done twice.

For each submission: (1) the pure step in a process of its own, whose result is put on the disk
whole; (2) nbgrader's own conversion in another process, which finds the result there instead of
executing, and writes the gradebook and the `autograded` folder; (3) the final entry in the journal.
A run that is stopped anywhere goes on with `classroom grade` again: what has no final entry is
taken up where its last complete step ended, and the steps can be repeated without harm.
"""

from __future__ import annotations

import json
import shutil
import time
import warnings
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from sqlalchemy.exc import SAWarning

from classroom.course import Course, CourseError, nbgrader_log, tools_on_path

from . import autograde, child, fingerprint, grading, sandbox
from .assignment import Assignment, LanguageError
from .autograde import IsolatedExecute
from .journal import Entry, Journal, write_whole
from .report import Problem, Report, Status

FOLDER = ".classroom"
_TRIES = 5
_APPLY_SECONDS = 600.0


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


def grade_course(
    course: Course, assignment: str, chosen: list[str] | None = None, *, force: bool = False
) -> Iterator[Step]:
    """Grade the submissions of an assignment; yields each as soon as it is final.

    Args:
        course: with the engine in its configuration (`classroom.configure`).
        assignment: its name.
        chosen: students; default all with a submission.
        force: execute also what has not changed.

    Raises:
        CourseError: the assignment was not released, or a student has no submission.
        SandboxError: no sandbox can be had.
        JournalError: another run is at work.
    """
    run = _Run(course, assignment, force)
    known = students(course, assignment)
    for name in chosen or []:
        if name not in known:
            raise CourseError(f"{name} has no submission to {assignment}.")
    names = chosen or known
    with Journal(run.folder / "journal.jsonl") as journal:
        for number, student in enumerate(names, start=1):
            aside = run.set_aside(student)
            mark = run.fingerprint(student)
            old = journal.entries.get(student)
            if old and old.fingerprint == mark and not force and run.stands(student, old):
                yield Step(old, False, number, len(names))
                continue
            entry = run.grade(student, mark)
            entry = replace(entry, flags=[*aside, *entry.flags])
            journal.append(entry)
            shutil.rmtree(run.staged(student), ignore_errors=True)
            yield Step(entry, True, number, len(names))


class _Run:
    """What is the same for all submissions of a run."""

    def __init__(self, course: Course, assignment: str, force: bool) -> None:
        self.course, self.assignment, self.force = course, assignment, force
        self.folder = course.root / FOLDER / assignment
        self.policy = IsolatedExecute(config=course.config).policy()
        if not self.policy.trust_submissions:
            sandbox.check(self.policy)
        self.notebooks = self._notebooks()
        self._common = fingerprint.combined(
            fingerprint.of_assignment(self.notebooks), fingerprint.of_environment(self.policy)
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
                    autograde.from_course(directory, self.assignment, name, config)
                    for name in sorted(names)
                ]
            except LanguageError as error:
                raise CourseError(str(error)) from None
            except autograde.MissingEntry as error:
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

    def set_aside(self, student: str) -> list[str]:
        """Move what may not be in a submission out of it, and say what that was."""
        moved = autograde.set_aside_files(self.submitted(student), self.course.root)
        return [f"{each.path} was moved to {autograde.REFUSED}/: {each.cause}" for each in moved]

    def fingerprint(self, student: str) -> str:
        """Of all that the submission's result depends on."""
        return fingerprint.combined(self._common, fingerprint.of_folder(self.submitted(student)))

    def stands(self, student: str, entry: Entry) -> bool:
        """Whether the result of a final entry is still there."""
        return not entry.graded or self._place("autograded", student).is_dir()

    def grade(self, student: str, mark: str) -> Entry:
        """The steps of one submission, up to its entry; whatever goes wrong stands in there."""
        reports = self._staged_reports(student, mark)
        if reports is None or self.force:
            shutil.rmtree(self.staged(student), ignore_errors=True)
            try:
                self._again(lambda: self._execute(student, mark), self._execute_seconds())
            except child.ChildError as error:
                return _lost(student, mark, f"grading failed: {error}")
            reports = self._staged_reports(student, mark)
            if reports is None:
                return _lost(student, mark, "grading left no result")
        entry = _entry(student, mark, reports)
        if entry.graded:
            try:
                self._apply(student)
            except child.ChildError as error:
                return _lost(student, "", f"the gradebook could not be written: {error}")
        return entry

    def _again(self, work: Callable[[], None], seconds: float) -> None:
        """Run a step in a process of its own; once more if somebody killed it."""
        try:
            child.run(work, seconds)
        except child.ChildError as error:
            if "SIGKILL" not in str(error):
                raise
            child.run(work, seconds)

    def _execute_seconds(self) -> float:
        cells = sum(len(notebook.cells) for notebook in self.notebooks) + 100
        return 600 + cells * self.policy.cell_wall

    # -- step 1, in a process of its own

    def _execute(self, student: str, mark: str) -> None:
        reports = {}
        for assignment in self.notebooks:
            path = self.submitted(student) / f"{assignment.name}.ipynb"
            if not path.exists() and not path.is_symlink():
                reports[assignment.name] = _missing(assignment.name, self.submitted(student))
                continue
            report = grading.grade(path, assignment, self.policy)
            if report.died:  # by the student's doing it dies again; by another's it does not
                report = grading.grade(path, assignment, self.policy)
            if report.notebook is not None:
                text = nbformat.writes(report.notebook).encode(errors="replace")
                write_whole(self.staged(student) / f"{assignment.name}.ipynb", text)
            reports[assignment.name] = report
        record = {
            "fingerprint": mark,
            "reports": {name: report.to_dict() for name, report in reports.items()},
        }
        write_whole(self.staged(student) / "reports.json", json.dumps(record).encode())

    def _staged_reports(self, student: str, mark: str) -> list[Report] | None:
        """The complete result of step 1, if it is there and of this submission."""
        try:
            record = json.loads((self.staged(student) / "reports.json").read_bytes())
        except (OSError, ValueError):
            return None
        if record.get("fingerprint") != mark:
            return None
        return [Report.from_dict(report) for report in record["reports"].values()]

    # -- step 2, in a process of its own

    def _apply(self, student: str) -> None:
        """Let nbgrader convert the submission; a gradebook that is busy is tried again."""
        for left in reversed(range(_TRIES)):
            try:
                child.run(lambda: self._convert(student), _APPLY_SECONDS)
                return
            except child.ChildError as error:
                if not left or not any(word in str(error) for word in ("locked", "SIGKILL")):
                    raise
                time.sleep(2)

    def _convert(self, student: str) -> None:
        config = deepcopy(self.course.config)
        config.CourseDirectory.root = str(self.course.root)
        config.CourseDirectory.assignment_id = self.assignment
        config.CourseDirectory.student_id = student
        config.IsolatedExecute.staged = str(self.staged(student))
        config.Autograde.force = True
        directory = Course(self.course.root, config).directory(self.assignment)
        directory.student_id = student
        # nbgrader makes a submission's rows before it adds them to the session; nothing is lost by
        # what SQLAlchemy then warns of, as all of them are added in the end.
        warnings.filterwarnings("ignore", "Object of type <Submitted", SAWarning)
        with tools_on_path(), nbgrader_log() as log:
            try:
                Autograde(coursedir=directory, config=config).start()
            except BaseException as error:
                lines = [line for line in log.getvalue().splitlines() if line.strip()]
                raise RuntimeError(f"{error} {' '.join(lines[-6:])}"[:2000]) from None


def _missing(name: str, folder: Path) -> Report:
    """The report on a notebook that was not handed in under its name."""
    others = sorted(path.name for path in folder.glob("*.ipynb"))
    found = f"; there is {', '.join(others)}" if others else ""
    problem = Problem(
        f"{name}.ipynb was not handed in{found}",
        f"If one of them is meant, rename it to {name}.ipynb and grade again" if others else "",
    )
    return Report(name, graded=False, problems=[problem])


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
