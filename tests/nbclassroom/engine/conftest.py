"""What the engine's tests share: short assignments, and how to grade an answer to them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from nbclassroom.engine import Assignment, Policy, Report, grade
from nbclassroom.engine.sandbox import shared

Grade = Callable[..., Report]


def marked(name: str, **flags: Any) -> dict[str, Any]:
    """A cell's metadata as nbgrader writes it."""
    base = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {**base, "schema_version": 3, "grade_id": name, **flags}}


def assignment(*cells: tuple[str, str]) -> Assignment:
    """An assignment of (kind, text) pairs; kinds: plain, locked, answer, test; names by number."""
    made = []
    for number, (kind, text) in enumerate(cells):
        flags: dict[str, Any] = {
            "plain": {},
            "locked": {"locked": True},
            "answer": {"solution": True},
            "test": {"grade": True, "locked": True, "points": 1},
        }[kind]
        metadata = marked(f"{kind}{number}", **flags) if flags else {}
        made.append(nbformat.v4.new_code_cell(text, metadata=metadata, id=f"cell-{number}"))
    return Assignment.of(nbformat.v4.new_notebook(cells=made), "hw")


def answered(given: Assignment, *answers: str) -> NotebookNode:
    """The released notebook with these texts in its answer cells."""
    notebook = nbformat.v4.new_notebook(cells=[cell.node() for cell in given.cells])
    texts = iter(answers)
    for node, cell in zip(notebook.cells, given.cells, strict=True):
        node.source = next(texts) if cell.role.value == "answer" else cell.visible
    return notebook


@pytest.fixture(params=[pytest.param("cold", marks=pytest.mark.nightly), "warm"])
def graded(policy: Policy, request: pytest.FixtureRequest) -> Grade:
    """Grade answers to an assignment given as (kind, text) pairs.

    In forked processes; each night also in processes that import all they need themselves.
    """

    def run(cells: list[tuple[str, str]], *answers: str, **limits: Any) -> Report:
        given = assignment(*cells)
        chosen = replace(policy, warm=request.param == "warm", **limits)
        assert not chosen.warm or shared.fork_server(chosen), shared.why_cold(chosen)
        return grade(answered(given, *answers), given, chosen)

    return run
