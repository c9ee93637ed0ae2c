"""What the engine's tests share: short assignments, and a policy with small limits."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from needed import sandboxed

from classroom.engine import Assignment, Policy, Report, grade, warm
from classroom.engine.policy import MIB

from . import classes

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


@pytest.fixture(scope="session")
def policy() -> Policy:
    """Small limits, in a sandbox."""
    small = Policy(memory=512 * MIB, disk=16 * MIB, cell_cpu=10, cell_wall=40, total_cpu=60)
    return sandboxed(small)


@pytest.fixture(params=["cold", "warm"])
def graded(policy: Policy, request: pytest.FixtureRequest) -> Grade:
    """Grade answers to an assignment given as (kind, text) pairs."""

    def run(cells: list[tuple[str, str]], *answers: str, **limits: Any) -> Report:
        given = assignment(*cells)
        chosen = Policy(**{**vars(policy), **limits})
        process = warm.shared(chosen) if request.param == "warm" else None
        assert process or request.param == "cold", warm.why_cold(chosen)
        return grade(answered(given, *answers), given, chosen, process)

    return run


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Path:
    """A course with a released assignment and four submissions, not to be changed."""
    return classes.make(tmp_path_factory.mktemp("released") / "course")


@pytest.fixture
def course(released: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(released, tmp_path / "course"))


@pytest.fixture(scope="session")
def one_job(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it, graded one submission after the other, undisturbed; not to be changed."""
    root = Path(shutil.copytree(released, tmp_path_factory.mktemp("one") / "course"))
    done = classes.call(root, "classroom", "grade", "hw")
    assert done.returncode == 0, done.stdout + done.stderr
    return root
