"""The gradebook knows an assignment as it stands in `source/`: graded is what is there now.

A fresh clone has no gradebook, and a hidden test that was edited is not in it yet. nbgrader's own
generator writes both; the student version that it makes beside them is thrown away here, since
`classroom release` makes it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass

from nbgrader.api import MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from sqlalchemy.exc import OperationalError

from nbclassroom.course import Course, nbgrader_log, reason, tools_on_path
from nbclassroom.errors import CourseError

from . import fingerprint, gradebook
from .gradebook import opened, patiently
from .results import FOLDER, write_whole

Cells = dict[str, tuple[object, ...]]


@dataclass(frozen=True)
class Registration:
    """What the gradebook was told of an assignment.

    Attributes:
        is_new: it did not know the assignment.
        changed: cells that it knew otherwise, by name.
    """

    is_new: bool = False
    changed: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.is_new:
            return "the gradebook knows the assignment now"
        if not self.changed:
            return ""
        cells = ", ".join(self.changed)
        return f"changed in source/ since the gradebook was told: {cells}; the new text is used"


def register(course: Course, assignment: str) -> Registration:
    """Bring the gradebook up to the source of an assignment; nothing happens where it is.

    An assignment without a source is graded as the gradebook knows it.

    Raises:
        CourseError: nbgrader refuses the source; the gradebook stays as it was.
        BusyGradebookError: the gradebook stays busy.
    """
    source = course.folder("source") / assignment
    if not any(source.glob("*.ipynb")):
        return Registration()
    record = course.root / FOLDER / assignment / "registered"
    found = fingerprint.combined(fingerprint.of_folder(source), repr(course.config)).encode()
    before = cells(course, assignment)
    if before and record.exists() and record.read_bytes() == found:
        return Registration()
    patiently(lambda: _generate(course, assignment))
    after = cells(course, assignment)
    write_whole(record, found)
    changed = sorted(name for name in after if before and before.get(name) != after[name])
    return Registration(is_new=not before, changed=tuple(changed))


def renew(course: Course, assignment: str) -> Registration:
    """As `register`, but only where the gradebook knows the assignment; none is made."""
    if gradebook.exists(course) and cells(course, assignment):
        return register(course, assignment)
    return Registration()


def cells(course: Course, assignment: str) -> Cells:
    """What the gradebook keeps of each cell of an assignment; empty where it does not know it."""

    def read() -> Cells:
        with opened(course) as book:
            try:
                notebooks = book.find_assignment(assignment).notebooks
            except MissingEntry:
                return {}
            return {name: kept for notebook in notebooks for name, kept in _cells(notebook)}

    return patiently(read)


def _cells(notebook: object) -> Iterable[tuple[str, tuple[object, ...]]]:
    points = {
        cell.name: cell.max_score
        for kind in ("grade_cells", "task_cells")
        for cell in getattr(notebook, kind)
    }
    for cell in notebook.source_cells:  # type: ignore[attr-defined]
        yield cell.name, (cell.cell_type, cell.source, cell.checksum, points.get(cell.name))


def _generate(course: Course, assignment: str) -> None:
    with tempfile.TemporaryDirectory(prefix="classroom-") as folder:
        directory = course.directory(assignment)
        directory.release_directory = folder
        with tools_on_path(), nbgrader_log() as log:
            try:
                GenerateAssignment(coursedir=directory, config=directory.config).start()
            except NbGraderException as error:
                if isinstance(error.__context__, OperationalError):  # nbgrader's own says less
                    raise error.__context__ from None
                raise CourseError(
                    f"{assignment}: {reason(log.getvalue())}. The gradebook cannot take the source "
                    "over. Where students have handed in, cells may change but none may come or "
                    "go: put the source back, or release it under another name"
                ) from error
