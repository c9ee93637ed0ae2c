"""What is read from nbgrader's gradebook, and how nbgrader writes to it."""

from __future__ import annotations

import json
import sqlite3
import time
import warnings
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import nbformat
import sqlalchemy
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import URL, CreateEnginePlugin, Dialect, Engine
from sqlalchemy.dialects import plugins
from sqlalchemy.exc import OperationalError, SAWarning, SQLAlchemyError
from traitlets.config import Config

from nbclassroom.course import Course, nbgrader_log, tools_on_path
from nbclassroom.engine.assignment import Assignment
from nbclassroom.errors import BusyGradebookError, CourseError

#: How long a gradebook may be somebody else's before we give up for now.
BUSY_SECONDS = 900.0
#: What one conversion may take.
CONVERT_SECONDS = 600.0
_BUSY_CLASSES = {"08", "40", "55", "57"}  # SQLSTATE: connection, conflict, lock, shutting down
_TOO_MANY_CONNECTIONS = "53300"
_PLUGIN = "nbclassroom"
T = TypeVar("T")


class SharedStatements(CreateEnginePlugin):
    """One memory of compiled statements for all engines of a process.

    nbgrader makes seven engines for each submission, and each compiles its statements anew: 110 ms
    of CPU time to write a submission of 7 cells, against 70 ms with this (Python 3.11, SQLite).
    """

    _dialects: ClassVar[dict[str, Dialect]] = {}
    _compiled: ClassVar[dict[Any, Any]] = {}

    def update_url(self, url: URL) -> URL:
        """The address without the mark that asked for this."""
        return url.difference_update_query(["plugin"])

    def engine_created(self, engine: Engine) -> None:
        """Give the engine the dialect of the first one, under which the statements are kept."""
        engine.dialect = self._dialects.setdefault(engine.dialect.name, engine.dialect)
        engine.update_execution_options(compiled_cache=self._compiled)


plugins.register(_PLUGIN, __name__, SharedStatements.__name__)


def opened(course: Course) -> Gradebook:
    """The gradebook of the course; close it, or use it in a `with` block."""
    directory = course.directory()
    with tools_on_path():
        return Gradebook(directory.db_url, directory.course_id)


def exists(course: Course) -> bool:
    """Whether the course has a gradebook; looking into one that is a file would make it."""
    url = sqlalchemy.make_url(course.directory().db_url)
    is_file = url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:")
    return not is_file or Path(str(url.database)).exists()


def problem(url: str) -> str:
    """Why the database at an address does not answer; nothing if it does."""
    try:
        engine = sqlalchemy.create_engine(url)
        with engine.connect() as connection:
            connection.execute(sqlalchemy.text("select 1"))
        engine.dispose()
    except (SQLAlchemyError, ImportError) as error:
        return str(error).strip().splitlines()[0]
    return ""


def without_password(url: str) -> str:
    """The address of a database, to be shown."""
    return sqlalchemy.make_url(url).render_as_string(hide_password=True)


def assignments(course: Course, assignment: str) -> list[Assignment]:
    """The notebooks of an assignment, sorted by name; waits while the gradebook is busy.

    Raises:
        CourseError: the assignment was not released, or is not in Python.
        BusyGradebookError: the gradebook stays busy.
    """
    directory = course.directory(assignment)

    def read() -> list[Assignment]:
        with opened(course) as book:
            names = [notebook.name for notebook in book.find_assignment(assignment).notebooks]
        return [from_course(directory, assignment, name, course.config) for name in sorted(names)]

    with tools_on_path():
        try:
            return patiently(read)
        except MissingEntry as error:
            raise CourseError(
                f"the gradebook does not know {assignment} ({error}), and there is no source of "
                "it to take it from: name an assignment that is in the source folder"
            ) from None


def patiently(work: Callable[[], T]) -> T:
    """Repeat what found the gradebook busy until it is free; no other error is repeated.

    Raises:
        BusyGradebookError: it stays busy.
        CourseError: it cannot be used, such as on a full disk.
    """
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            return work()
        except OperationalError as error:
            if not is_busy(error):
                raise CourseError(f"the gradebook cannot be used: {error.orig}") from None
            if time.monotonic() > end:
                raise BusyGradebookError(
                    f"the gradebook is busy or out of reach: {error.orig}"
                ) from None
            time.sleep(1)


def is_busy(error: OperationalError) -> bool:
    """Whether another program holds the database, or its server does not answer."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # without what the kind is made of
        return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    state = getattr(cause, "sqlstate", None)  # none where nobody answers
    return state is None or state[:2] in _BUSY_CLASSES or state == _TOO_MANY_CONNECTIONS


def write(course: Course, assignment: str, student: str, staged: Path) -> None:
    """Let nbgrader convert a submission; waits while the gradebook is busy.

    Args:
        course: the course.
        assignment: its name.
        student: whose submission.
        staged: where its result is.

    Raises:
        CourseError: it cannot be written.
        BusyGradebookError: the gradebook stays busy.
    """
    patiently(lambda: _convert(course, assignment, student, staged))


def _convert(course: Course, assignment: str, student: str, staged: Path) -> None:
    config = deepcopy(course.config)
    config.CourseDirectory.root = str(course.root)
    config.CourseDirectory.assignment_id = assignment
    config.CourseDirectory.student_id = student
    config.IsolatedExecute.staged = str(staged)
    config.Autograde.force = True
    url = sqlalchemy.make_url(course.directory().db_url).update_query_dict({"plugin": _PLUGIN})
    config.CourseDirectory.db_url = url.render_as_string(hide_password=False)
    config.Autograde.pop("post_convert_hook", None)  # the run itself forgets the result
    directory = Course(course.root, config).directory(assignment)
    directory.student_id = student
    # nbgrader makes a submission's rows before it adds them to the session; nothing is lost by
    # what SQLAlchemy then warns of, as all of them are added in the end.
    warnings.filterwarnings("ignore", "Object of type <Submitted", SAWarning)
    with tools_on_path(), nbgrader_log() as log:
        try:
            Autograde(coursedir=directory, config=config).start()
        except Exception as error:
            if isinstance(error.__context__, OperationalError):  # nbgrader's own error says less
                raise error.__context__ from None
            lines = [line for line in log.getvalue().splitlines() if line.strip()]
            raise CourseError(f"{error} {' '.join(lines[-6:])}"[:2000]) from None


def from_course(
    directory: CourseDirectory, assignment: str, notebook: str, config: Config | None = None
) -> Assignment:
    """The assignment as released, with the texts, points and checksums of the gradebook.

    Order and plain cells come from the released notebook, or else from the source; worked
    solutions, of which only names are read, from the source where it is there.

    Raises:
        MissingEntry: neither notebook is there, or the gradebook does not know it.
    """
    root = Path(directory.root)
    paths = {
        step: root / directory.format_path(getattr(directory, f"{step}_directory"), ".", assignment)
        for step in ("release", "source")
    }
    released, source = (paths[step] / f"{notebook}.ipynb" for step in ("release", "source"))
    files = paths["source"] if paths["source"].is_dir() else paths["release"]
    original = nbformat.read(source, as_version=4) if source.exists() else None
    if released.exists():
        graded = nbformat.read(released, as_version=4)
    elif original is not None:
        made = Assignment.of(original, notebook, files, config)
        graded = nbformat.v4.new_notebook(cells=[cell.node() for cell in made.cells])
        graded.metadata = original.metadata
    else:
        raise MissingEntry(
            f"neither {released} nor {source} is there: the order of the cells is needed to grade"
        )
    solutions = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in (original.cells if original else [])
        if utils.is_solution(cell)
    }
    with Gradebook(directory.db_url, directory.course_id) as book:
        _take_over(graded, book.find_notebook(notebook, assignment))
    references = [
        solutions.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
        for cell in graded.cells
    ]
    return Assignment.of_graded(graded, references, notebook, files, config)


def _take_over(graded: NotebookNode, known: Any) -> None:
    """Put the gradebook's texts, points and checksums into the notebook, in place."""
    sources = {cell.name: cell for cell in known.source_cells}
    points = {cell.name: cell.max_score for cell in [*known.grade_cells, *known.task_cells]}
    for cell in graded.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name is None:
            continue
        if name not in sources:
            raise MissingEntry(f"the gradebook does not know the cell {name}")
        cell.source = sources[name].source
        cell.metadata.nbgrader["checksum"] = sources[name].checksum
        if name in points:
            cell.metadata.nbgrader["points"] = points[name]
    kernelspec = json.loads(known.kernelspec) if known.kernelspec else None
    if kernelspec:
        graded.metadata["kernelspec"] = kernelspec
