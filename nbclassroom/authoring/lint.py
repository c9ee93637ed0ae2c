"""Known traps of nbgrader, looked for in source notebooks before they cost anybody points.

Each check is a generator of `(cell id, what is wrong and what to do)`.
"""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.nbgraderformat import (
    MetadataValidator,
    SchemaTooNewError,
    SchemaTooOldError,
    ValidationError,
)
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from nbclassroom.course import Course

from . import leaks
from .messages import literals, parse, shape_of
from .release import CELL_METADATA, LANGUAGE_INFO, NOTEBOOK_METADATA

Finding = tuple[str, str]
Check = Callable[[NotebookNode, leaks.Markers], Iterator[Finding]]
GRADE_ID = re.compile(r"[A-Za-z0-9_.-]+")


def lint(course: Course, assignments: list[str]) -> list[str]:
    """Check every source notebook of the assignments.

    Returns:
        One line for each problem: file, cell, what is wrong and what to do.
    """
    markers = leaks.Markers.of(course.config)
    return [
        f"{path.relative_to(course.root)}, cell '{cell}': {problem}"
        for name in assignments
        for path in sorted((course.folder("source") / name).glob("*.ipynb"))
        for cell, problem in findings(path, markers)
    ]


def findings(path: Path, markers: leaks.Markers) -> list[Finding]:
    """All problems of one notebook."""
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:
        return [("-", f"it is no valid notebook: {str(error).splitlines()[0]}")]
    return [found for check in CHECKS for found in check(notebook, markers)]


def clean(notebook: NotebookNode, _: leaks.Markers) -> Iterator[Finding]:
    """No outputs, counts or editors' metadata: they change on every run and may tell secrets."""
    if extra := set(notebook.metadata) - NOTEBOOK_METADATA:
        yield "-", f"drop the notebook's metadata {', '.join(sorted(extra))}"
    if extra := set(notebook.metadata.get("language_info", {})) - LANGUAGE_INFO:
        yield "-", f"drop {', '.join(sorted(extra))} from language_info"
    if "kernelspec" not in notebook.metadata:
        yield "-", "name the kernel (metadata kernelspec): nbgrader takes it from there"
    for cell in notebook.cells:
        if cell.get("outputs") or cell.get("execution_count") is not None:
            yield leaks.name_of(cell), "clear its outputs and its execution count"
        if extra := set(cell.metadata) - CELL_METADATA:
            yield leaks.name_of(cell), f"drop its metadata {', '.join(sorted(extra))}"


def identified(notebook: NotebookNode, _: leaks.Markers) -> Iterator[Finding]:
    """Ids are there and are unique; without them every release gets new ones."""
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        yield "-", "save it in notebook format 4.5 or later: older ones have no cell ids"
    ids = Counter(cell.get("id") for cell in notebook.cells)
    for name in (name for name, count in ids.items() if count > 1):
        yield str(name), "give each cell an id of its own"
    marked = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
    grade_ids = Counter(mark.get("grade_id", "") for mark in marked)
    for name, count in grade_ids.items():
        if count > 1:
            yield name, "give each cell an nbgrader id of its own: the first one's points are lost"
        if not GRADE_ID.fullmatch(name):
            yield name, "write its nbgrader id with letters, digits, '_', '-' and '.' only"


def marked(notebook: NotebookNode, _: leaks.Markers) -> Iterator[Finding]:
    """Nbgrader's metadata is complete and current, and points are numbers above 0."""
    validator = MetadataValidator()
    for cell in notebook.cells:
        if "nbgrader" not in cell.metadata:
            continue
        try:
            validator.validate_cell(cell)
        except (ValidationError, SchemaTooOldError, SchemaTooNewError, KeyError) as error:
            yield leaks.name_of(cell), f"its nbgrader metadata is not valid: {error}"
            continue
        if is_grade(cell) or is_task(cell):
            points = cell.metadata.nbgrader.get("points")
            if not isinstance(points, int | float) or not points > 0:
                yield leaks.name_of(cell), f"give it points above 0, not {points}"


def closed(notebook: NotebookNode, markers: leaks.Markers) -> Iterator[Finding]:
    """Every region begins, ends, and stands in the one kind of cell where nbgrader treats it."""
    places = (
        ("solution", markers.solution, is_solution, "an answer cell"),
        ("hidden tests", markers.hidden, is_test, "an autograded test cell"),
        ("a marking scheme", markers.scheme, is_task, "a manually graded task cell"),
    )
    for cell in notebook.cells:
        for kind, (begin, end), belongs, place in places:
            found = [
                begin in line for line in cell.source.split("\n") if begin in line or end in line
            ]
            if found and not belongs(cell):
                yield leaks.name_of(cell), f"{kind} may stand only in {place}: it would leak here"
            if found != [True, False] * (len(found) // 2):
                yield leaks.name_of(cell), f"pair each '{begin}' with an '{end}', not nested"


def is_test(cell: NotebookNode) -> bool:
    """Whether it is an autograded test cell."""
    return bool(is_grade(cell) and not is_solution(cell) and cell.cell_type == "code")


def unattached(notebook: NotebookNode, markers: leaks.Markers) -> Iterator[Finding]:
    """No pictures in what is taken out: the text goes, an attachment may stay."""
    for cell in notebook.cells:
        pairs = (markers.solution, markers.hidden, markers.scheme)
        inside = "\n".join(leaks.split(cell.source, pair)[1] for pair in pairs)
        if "attachment:" in inside or (is_solution(cell) and cell.get("attachments")):
            yield leaks.name_of(cell), "keep attachments out of solutions and marking schemes"


def asserting(notebook: NotebookNode, _: leaks.Markers) -> Iterator[Finding]:
    """Test cells end in an assertion, and each assertion has words that a student may read."""
    for cell in notebook.cells:
        if cell.cell_type != "code" or not is_test(cell):
            continue
        try:
            tree = parse(cell.source)
        except SyntaxError as error:
            yield leaks.name_of(cell), f"it is no valid Python: {error}"
            continue
        if not tree.body or not ends_in_assertion(tree.body[-1]):
            yield (
                leaks.name_of(cell),
                "end it in an assertion: nbgrader takes the value of a last expression as points",
            )
        for node in ast.walk(tree):
            if isinstance(node, ast.Assert) and not is_readable(node.msg):
                yield (
                    leaks.name_of(cell),
                    f"write a message with words to `{ast.unparse(node.test)[:60]}`: a literal or "
                    "an f-string, as feedback shows nothing else of a hidden test",
                )


def ends_in_assertion(statement: ast.stmt) -> bool:
    """Whether nothing follows the last assertion in this, the last, statement of a cell."""
    return not isinstance(statement, ast.Expr) and any(
        isinstance(node, ast.Assert) for node in ast.walk(statement)
    )


def is_readable(message: ast.expr | None) -> bool:
    """Whether feedback will recognise the message as the instructor's own."""
    parts = literals(message) if message is not None else None
    return parts is not None and shape_of(parts) is not None


def answerable(notebook: NotebookNode, _: leaks.Markers) -> Iterator[Finding]:
    """An editable answer cell follows each task, and an answer cell stands before each test."""
    answered = False
    for cell, following in zip(notebook.cells, [*notebook.cells[1:], None], strict=True):
        answered = answered or is_solution(cell)
        if is_test(cell) and not answered:
            yield leaks.name_of(cell), "put the answer cell that it tests before it"
        if is_task(cell) and (
            following is None or following.cell_type != "markdown" or is_locked(following)
        ):
            yield leaks.name_of(cell), "prepare a Markdown cell for the answer below the task"


CHECKS: tuple[Check, ...] = (
    clean,
    identified,
    marked,
    closed,
    unattached,
    asserting,
    answerable,
)


def run_findings(executed: NotebookNode) -> list[Finding]:
    """Problems that only show when the worked solution is run with its hidden tests.

    Args:
        executed: The source notebook after a run of all its cells.
    """
    found = []
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            name = leaks.name_of(cell)
            if output.output_type == "error":
                found.append((name, f"it fails: {output.ename}: {output.evalue}"))
            elif is_grade(cell) and output.get("name") == "stderr":
                found.append((name, f"stderr scores 0 in nbgrader: {output.text.strip()}"))
            elif is_grade(cell) and output.output_type == "execute_result":
                found.append((name, "it ends in a value, which nbgrader takes as points"))
    return found
