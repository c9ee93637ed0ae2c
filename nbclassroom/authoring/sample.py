"""The whole grading road on a sample class, in a throw-away course folder."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from rich.table import Table

from nbclassroom.course import CONFIG_FILE, Course, nbgrader
from nbclassroom.grading import gradebook

from .bank import Bank, Submission

TIMESTAMP = "2030-01-07 12:00:00.000000 UTC"


@dataclass(frozen=True)
class Mark:
    """What one cell of one submission should give and what the gradebook says."""

    student: str
    assignment: str
    cell: str
    expected: float
    given: float | None
    full: float
    by_hand: bool

    @property
    def is_right(self) -> bool:
        """Whether the gradebook says exactly what the bank does."""
        return self.given == self.expected


def copy(course: Course, root: Path, assignments: Iterable[str]) -> Course:
    """Put the configuration and the chosen assignments of `course` into the folder `root`."""
    copied = course.moved_to(root)
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy(course.root / CONFIG_FILE, root / CONFIG_FILE)
    ignored = shutil.ignore_patterns(*course.directory().ignore)
    for name in assignments:
        source = course.folder("source") / name
        shutil.copytree(source, copied.folder("source") / name, ignore=ignored)
    for path in course.folder("source").glob("*.ipynb"):  # a header or footer for every notebook
        shutil.copy(path, copied.folder("source"))
    return copied


def hand_in(course: Course, bank: Bank, submissions: dict[str, Submission]) -> None:
    """Fill the student version with each student's answers, as if collected."""
    released = course.folder("release") / bank.assignment
    for student, submission in submissions.items():
        folder = course.folder("submitted") / student / bank.assignment
        shutil.copytree(released, folder)
        path = folder / f"{bank.notebook}.ipynb"
        nbformat.write(bank.fill(nbformat.read(path, as_version=4), submission), path)
        (folder / "timestamp.txt").write_text(TIMESTAMP)


def mark_by_hand(course: Course, bank: Bank, submissions: dict[str, Submission]) -> None:
    """Give the marks that the bank states for essays and the like, with a comment to each."""
    by_hand = [cell for question in bank.questions.values() for cell in question.by_hand]
    with gradebook.opened(course) as book:
        for student, submission in submissions.items():
            for cell in by_hand:
                where = cell, bank.notebook, bank.assignment, student
                score = submission.scores[cell]
                grade: Any = book.find_grade(*where)
                grade.manual_score, grade.needs_manual_grade = score, False
                comment: Any = book.find_comment(*where)
                comment.manual_comment = f"{score:g} of {grade.max_score:g} points."
        book.db.commit()


def marks(course: Course, bank: Bank, submissions: dict[str, Submission]) -> list[Mark]:
    """Compare the gradebook with the bank, cell by cell.

    A cell that was not marked by hand yet has no given score.
    """
    found = []
    with gradebook.opened(course) as book:
        for student, submission in submissions.items():
            for question in bank.questions.values():
                for cell, full in question.points.items():
                    grade = book.find_grade(cell, bank.notebook, bank.assignment, student)
                    given = None if grade.needs_manual_grade else grade.score
                    expected, by_hand = submission.scores[cell], cell in question.by_hand
                    mark = Mark(student, bank.assignment, cell, expected, given, full, by_hand)
                    found.append(mark)
    return found


def prepare(course: Course, bank: Bank, submissions: dict[str, Submission]) -> None:
    """Release the assignment and hand the submissions in.

    Args:
        course: A throw-away copy, see `copy`.
        bank: The bank of one of its assignments.
        submissions: What each student hands in, by student id.
    """
    nbgrader(course, "generate_assignment", bank.assignment)
    hand_in(course, bank, submissions)


def compared(course: Course, bank: Bank, submissions: dict[str, Submission]) -> list[Mark]:
    """Mark by hand what was graded, as the bank says; then compare the gradebook with the bank."""
    mark_by_hand(course, bank, submissions)
    return marks(course, bank, submissions)


def class_of(bank: Bank, size: int) -> dict[str, Submission]:
    """A class of `size` students: the bank's whole notebooks, then mixtures of its answers."""
    mixed = max(0, size - len(bank.notebooks))
    chosen = [*bank.notebooks, *bank.combined(mixed)][:size]
    return {f"student-{number:02}": each for number, each in enumerate(chosen, start=1)}


def table(assignment: str, submissions: dict[str, Submission], found: list[Mark]) -> Table:
    """The class table of one assignment."""
    view = Table(title=f"{assignment}: the sample class", title_justify="left")
    view.add_column("student")
    view.add_column("hands in")
    for heading in ("tests", "by hand", "score", "of", "%"):
        view.add_column(heading, justify="right")
    for student, submission in submissions.items():
        own = [mark for mark in found if mark.student == student]
        tests = sum(mark.given or 0 for mark in own if not mark.by_hand)
        by_hand = sum(mark.given or 0 for mark in own if mark.by_hand)
        full = sum(mark.full for mark in own)
        score = tests + by_hand
        figures = [f"{value:g}" for value in (tests, by_hand, score, full)]
        view.add_row(student, submission.name, *figures, f"{100 * score / full:.0f}")
    return view
