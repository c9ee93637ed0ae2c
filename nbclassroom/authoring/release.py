"""From `source/` to the student version and the worked version of each assignment."""

import filecmp
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.converters import GenerateAssignment, GenerateSolution
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor
from nbgrader.utils import is_solution

from nbclassroom.course import Course, CourseError, nbgrader_log, reason, tools_on_path

from . import leaks

# Metadata that means something to a reader or to nbgrader; the rest comes from editors.
CELL_METADATA = {"nbgrader", "deletable", "editable", "tags", "slideshow"}
NOTEBOOK_METADATA = {"kernelspec", "language_info", "title", "authors"}
LANGUAGE_INFO = {"name", "file_extension", "mimetype", "pygments_lexer"}


class Tidy(NbGraderPreprocessor):
    """Drop attachments that nobody refers to any more, and editors' metadata."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Tidy the notebook's metadata and each cell, in place."""
        _keep(nb.metadata, NOTEBOOK_METADATA)
        _keep(nb.metadata.get("language_info", {}), LANGUAGE_INFO)
        for cell in nb.cells:
            _keep(cell.metadata, CELL_METADATA)
            drop_unused_attachments(cell)
        return nb, resources


class DropSolutionMarkers(NbGraderPreprocessor):
    """Take the delimiter lines out of worked answers: they are the instructor's tools, not code."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Clean one cell, in place."""
        clear = ClearSolutions(parent=self)
        marks = clear.begin_solution_delimeter, clear.end_solution_delimeter
        if is_solution(cell):
            lines = cell.source.split("\n")
            cell.source = "\n".join(x for x in lines if not any(mark in x for mark in marks))
        return cell, resources


def _keep(metadata: NotebookNode, names: set[str]) -> None:
    for name in set(metadata) - names:
        del metadata[name]


def drop_unused_attachments(cell: NotebookNode) -> None:
    """Remove the attachments that the cell's text no longer mentions, in place."""
    used = set(re.findall(r"attachment:([^\s)\"'>]+)", cell.source))
    kept = {name: data for name, data in cell.get("attachments", {}).items() if name in used}
    cell.pop("attachments", None)
    if kept:
        cell.attachments = NotebookNode(kept)


@contextmanager
def built(course: Course, assignments: list[str]) -> Iterator[Course]:
    """Make both versions of `assignments` in a throw-away copy of the course.

    The copy also gets the gradebook that nbgrader needs, so the checkout does not.

    Yields:
        The copy; it is gone when the block ends.

    Raises:
        CourseError: nbgrader refused a source notebook; the message holds its reason.
    """
    with tempfile.TemporaryDirectory(prefix="classroom-") as folder:
        copy = course.moved_to(Path(folder))
        ignored = shutil.ignore_patterns(*course.directory().ignore)
        shutil.copytree(course.folder("source"), copy.folder("source"), ignore=ignored)
        for name in assignments:
            convert(copy, name)
        yield copy


def convert(course: Course, assignment: str) -> None:
    """Run nbgrader's two converters on one assignment of `course`, inside its own folder.

    Raises:
        CourseError: nbgrader refused the source notebook; the message holds its reason.
    """
    for converter in (GenerateAssignment, GenerateSolution):
        directory = course.directory(assignment)
        with tools_on_path(), nbgrader_log() as log:
            try:
                converter(coursedir=directory, config=directory.config).start()
            except NbGraderException as error:
                raise CourseError(f"{assignment}: {reason(log.getvalue())}") from error


def release(course: Course, assignments: list[str]) -> list[Path]:
    """Bring the release and solution folders of `course` up to date.

    Returns:
        The folders that changed.
    """
    changed = []
    with built(course, assignments) as copy:
        for name in assignments:
            for step in ("release", "solution"):
                new, old = copy.folder(step) / name, course.folder(step) / name
                if differences(new, old):
                    shutil.rmtree(old, ignore_errors=True)
                    shutil.copytree(new, old)
                    changed.append(old)
    return changed


def check(course: Course, assignments: list[str]) -> list[str]:
    """Compare the release and solution folders with their source, and look for leaks.

    Returns:
        One line for each problem; empty when all is well.
    """
    problems = []
    with built(course, assignments) as copy:
        for name in assignments:
            for step in ("release", "solution"):
                new, old = copy.folder(step) / name, course.folder(step) / name
                problems += [
                    f"{old.relative_to(course.root)}: {what}: run `classroom release {name}`"
                    for what in differences(new, old)
                ]
                problems += leaks_in(course, name, step)
    for step in ("release", "solution"):
        for folder in sorted(course.folder(step).glob("*/")):
            if folder.name not in course.assignments():
                problems.append(f"{folder.relative_to(course.root)}: has no source; remove it")
    return problems


def differences(new: Path, old: Path) -> list[str]:
    """What differs between two folders, one line for each file."""
    names = {path.relative_to(root) for root in (new, old) for path in files(root)}
    return [
        f"{name} {_difference(new / name, old / name)}"
        for name in sorted(names)
        if _difference(new / name, old / name)
    ]


def _difference(new: Path, old: Path) -> str:
    if not old.exists():
        return "is missing"
    if not new.exists():
        return "does not come from the source"
    return "" if filecmp.cmp(new, old, shallow=False) else "is not what the source gives"


def files(folder: Path) -> list[Path]:
    """Every file under `folder`, sorted."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def leaks_in(course: Course, assignment: str, step: str) -> list[str]:
    """Instructor's text found in the files of a released assignment, one line for each find."""
    markers = leaks.Markers.of(course.config)
    forbidden = [*markers.hidden, *markers.scheme, *markers.solution]
    kept = secrets(course, assignment, solutions=step == "release")
    found = []
    for path in files(course.folder(step) / assignment):
        text, where = leaks.text_of(path), path.relative_to(course.root)
        found += [f"{where}: holds the delimiter '{mark}'" for mark in forbidden if mark in text]
        found += [
            f"{where}: holds a line of the {secret.kind} in cell '{secret.cell}': {secret.line!r}"
            for secret in leaks.found_in(text, kept)
        ]
        if path.suffix == ".ipynb":
            found += [f"{where}: {what}" for what in _traces(nbformat.read(path, as_version=4))]
    return found


def secrets(course: Course, assignment: str, *, solutions: bool = True) -> list[leaks.Secret]:
    """The secret lines of every source notebook of an assignment."""
    markers = leaks.Markers.of(course.config)
    return [
        secret
        for path in sorted((course.folder("source") / assignment).glob("*.ipynb"))
        for secret in leaks.secrets(nbformat.read(path, as_version=4), markers, solutions=solutions)
    ]


def _traces(notebook: NotebookNode) -> list[str]:
    """Signs that the notebook was run."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [
        f"cell '{leaks.name_of(cell)}' was run: it holds outputs, a count or times"
        for cell in code
        if cell.outputs or cell.execution_count is not None or "execution" in cell.metadata
    ]


def executable_solution(source: Path) -> NotebookNode:
    """The worked solution with its hidden tests put back, ready to run: every test must pass.

    That is the source notebook itself, without outputs.
    """
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook
