"""A small nbgrader course with every kind of cell, copied for each test that changes it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.notebooknode import NotebookNode
from needed import sandboxed

from nbclassroom.authoring import release
from nbclassroom.course import Course
from nbclassroom.engine import Policy
from nbclassroom.engine.limits import MIB

SHAPES = Path(__file__).with_name("course")


@pytest.fixture
def shapes(tmp_path: Path) -> Course:
    """A copy of the small course."""
    folder = tmp_path / "course"
    shutil.copytree(SHAPES, folder)
    return Course.open(folder)


@pytest.fixture(scope="session")
def released_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course, released; made once, as nbgrader takes seconds for it."""
    folder = tmp_path_factory.mktemp("released") / "course"
    shutil.copytree(SHAPES, folder)
    release.release(Course.open(folder), ["shapes"])
    return folder


@pytest.fixture
def released(shapes: Course, released_once: Path) -> Course:
    """A copy of the small course with its released versions."""
    shutil.copytree(released_once, shapes.root, dirs_exist_ok=True)
    return shapes


@pytest.fixture
def shapes_source(shapes: Course) -> Path:
    """The small course's one source notebook."""
    return shapes.folder("source") / "shapes" / "shapes.ipynb"


@pytest.fixture
def edit(shapes_source: Path) -> Callable[[str], NotebookNode]:
    """Hands out a cell of the source by its id and saves the notebook after the change."""

    def change(name: str, **fields: object) -> None:
        notebook = nbformat.read(shapes_source, as_version=4)
        cell = next(cell for cell in notebook.cells if cell.id == name)
        mark = fields.pop("nbgrader", None)
        cell.update(fields)
        if mark is not None:
            cell.metadata["nbgrader"] = {**cell.metadata.get("nbgrader", {}), **mark}
        nbformat.write(notebook, shapes_source)

    return change


@pytest.fixture(scope="session")
def policy() -> Policy:
    """Small limits, in a sandbox."""
    small = Policy(memory=512 * MIB, disk=16 * MIB, cell_cpu=10, cell_wall=40, total_cpu=60)
    return sandboxed(small)
