"""The graded notebook has the instructor's cells and the student's texts, no more.

Graded and read-only cells are the instructor's own, in the source's order. Answer cells keep the
student's text. Every other cell of the student's (an imports cell, a helper, an essay in a cell of
its own) keeps its text and its place: after the instructor's cell that it followed. No metadata,
tag, type, output or id of the student's survives.
"""

from __future__ import annotations

import nbformat
from nbformat import NotebookNode

from .assignment import Assignment, Cell, Role, new_cell
from .report import Problem


def restore(submitted: NotebookNode, assignment: Assignment) -> tuple[NotebookNode, list[Problem]]:
    """The notebook to grade.

    Args:
        submitted: as `untrusted.read_notebook` returns it.
        assignment: whose cells it should have.

    Returns:
        The notebook, and what was found changed, for a human to look at.
    """
    known: dict[str, Cell] = {cell.name: cell for cell in assignment.cells if cell.name}
    places = _places(submitted, assignment)
    flags = _flags(submitted, known, places)
    extras: dict[str | None, list[NotebookNode]] = {None: []}
    anchor: str | None = None
    for index, cell in enumerate(submitted.cells):
        if index in places:
            anchor = places[index]
        else:
            extras.setdefault(anchor, []).append(_extra(cell))
    chosen = {name: submitted.cells[index] for index, name in places.items()}
    cells = [*extras[None]]
    for cell in assignment.cells:
        if cell.name is None:
            continue  # a plain cell is the student's own copy, or was deleted
        node = cell.node()
        if cell.role is Role.ANSWER and cell.name in chosen:
            node.source = chosen[cell.name].source
            if cell.cell_type == "markdown" and "attachments" in chosen[cell.name]:
                node.attachments = chosen[cell.name].attachments
        cells.append(node)
        cells += extras.get(cell.name, [])
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata = nbformat.from_dict(
        {k: v for k, v in assignment.metadata.items() if k in ("kernelspec", "language_info")}
    )
    _number(notebook)
    return notebook, flags


def _places(submitted: NotebookNode, assignment: Assignment) -> dict[int, str]:
    """Which submitted cell stands for which of the assignment's.

    By nbgrader's id; of doubled ones the last counts, as in nbgrader. A cell without any is known
    by its notebook id, so that an editor that drops metadata costs nothing.
    """
    names = {cell.name for cell in assignment.cells if cell.name}
    by_name: dict[str, int] = {}
    for index, cell in enumerate(submitted.cells):
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in names:
            by_name[name] = index
    identities = {cell.identity: cell.name for cell in assignment.cells if cell.identity}
    for index, cell in enumerate(submitted.cells):
        name = identities.get(cell.get("id"))
        if name and name not in by_name and not cell.metadata.get("nbgrader"):
            by_name[name] = index
    return {index: name for name, index in by_name.items()}


def _extra(cell: NotebookNode) -> NotebookNode:
    """A cell of the student's own: its type and text."""
    made = new_cell(cell.cell_type, cell.source)
    if "attachments" in cell:
        made.attachments = cell.attachments
    return made


def _number(notebook: NotebookNode) -> None:
    """Give every cell an id that depends on nothing but its place."""
    taken = {cell["id"] for cell in notebook.cells if "nbgrader" in cell.metadata}
    for index, cell in enumerate(notebook.cells):
        if "nbgrader" not in cell.metadata:
            identity = f"student-{index}"
            cell["id"] = identity if identity not in taken else f"student-{index}-x"


def _flags(
    submitted: NotebookNode, known: dict[str, Cell], places: dict[int, str]
) -> list[Problem]:
    """What the student's file changed of the assignment's."""
    flags = []
    for index, name in places.items():
        cell, own = submitted.cells[index], known[name]
        if own.role is not Role.ANSWER and cell.source.strip() != own.visible.strip():
            flags.append(Problem("the text of this cell was changed; ours is graded", "", name))
        if cell.cell_type != own.cell_type:
            flags.append(Problem("the type of this cell was changed; ours is used", "", name))
    for name in known:
        if name not in places.values():
            flags.append(Problem("this cell is missing from the submission", "", name))
    answers = [cell for cell in known.values() if cell.role is Role.ANSWER]
    if answers and not any(name in places.values() for name in known):
        flags.append(
            Problem(
                "no cell of the assignment was found: the notebook lost its metadata",
                "Compare it with the assignment; ask for the notebook as it was fetched",
            )
        )
    return flags
