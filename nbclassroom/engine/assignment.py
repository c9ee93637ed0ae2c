"""An assignment as the engine needs it: its cells in order, with what is trusted about each."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.corpus.words import generate_corpus_id as random_cell_id
from nbgrader import utils
from nbgrader.preprocessors import (
    ClearHiddenTests,
    ClearMarkScheme,
    ClearSolutions,
    ComputeChecksums,
    DeduplicateIds,
    LockCells,
)
from traitlets.config import Config

from nbclassroom.errors import LanguageError

_KEPT = ("deletable", "editable", "classroom")


class Role(Enum):
    """What a cell is for."""

    PLAIN = "plain"  #: the instructor's, but nothing stops a student from editing it
    READ_ONLY = "read-only"
    ANSWER = "answer"  #: the student writes it; with points it is marked by hand
    TEST = "test"  #: graded by running it
    TASK = "task"  #: a description that carries points and is marked by hand


def new_cell(kind: str, source: str, identity: str = "") -> NotebookNode:
    """A cell as nbformat makes it, but without its check of what cannot be wrong.

    Args:
        kind: "code", "markdown" or "raw".
        source: its text.
        identity: its nbformat id; default a random one.
    """
    made = NotebookNode(cell_type=kind, metadata=NotebookNode(), source=source)
    made["id"] = identity or random_cell_id()
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    return made


@dataclass(frozen=True)
class Cell:
    """A cell of the assignment.

    Attributes:
        source: the text, with hidden tests; an answer cell's is what students start from.
        visible: the text that students see.
        reference: an answer cell's worked solution where it is known, else its `source`.
        metadata: the cell's nbgrader metadata, empty for a plain cell.
        identity: the nbformat id.
    """

    role: Role
    cell_type: str
    source: str
    visible: str
    reference: str
    metadata: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    identity: str = ""

    @property
    def name(self) -> str | None:
        """The nbgrader id, None for a plain cell."""
        return self.metadata.get("grade_id")

    @property
    def hides_tests(self) -> bool:
        """Whether the cell holds what students must not see."""
        return self.source != self.visible

    def node(self) -> NotebookNode:
        """The cell as it stands in the graded notebook."""
        node = new_cell(self.cell_type, self.source, self.identity)
        node.metadata = nbformat.from_dict(self.extra)
        if self.metadata:
            node.metadata["nbgrader"] = nbformat.from_dict(self.metadata)
        return node


@dataclass(frozen=True)
class Assignment:
    """The instructor's side of one notebook.

    Attributes:
        name: the notebook's name, without its ending.
        cells: in the order of the source.
        metadata: the notebook's metadata.
        files: a folder whose files (not notebooks) both processes find beside the notebook.
    """

    name: str
    cells: tuple[Cell, ...]
    metadata: dict[str, Any]
    files: Path | None = None

    def cell(self, name: str) -> Cell:
        """The cell with this nbgrader id; `KeyError` where there is none."""
        for cell in self.cells:
            if cell.name == name:
                return cell
        raise KeyError(name)

    @classmethod
    def read(
        cls, path: Path, files: Path | None = None, config: Config | None = None
    ) -> Assignment:
        """Read the instructor's notebook (with solutions and hidden tests).

        Args:
            path: the notebook.
            files: the folder with the files that students get beside it.
            config: nbgrader's configuration, for its delimiters.
        """
        return cls.of(nbformat.read(path, as_version=4), path.stem, files, config)

    @classmethod
    def of(
        cls,
        notebook: NotebookNode,
        name: str,
        files: Path | None = None,
        config: Config | None = None,
    ) -> Assignment:
        """The assignment of the instructor's notebook, already read."""
        steps = [DeduplicateIds, ClearSolutions, LockCells, ComputeChecksums]
        graded = _apply(steps, notebook, config)
        references = [cell.source for cell in notebook.cells]
        return cls.of_graded(graded, references, name, files, config)

    @classmethod
    def of_graded(
        cls,
        graded: NotebookNode,
        references: list[str],
        name: str,
        files: Path | None = None,
        config: Config | None = None,
    ) -> Assignment:
        """The assignment of a notebook that is as nbgrader's gradebook keeps it.

        Args:
            graded: without solutions, with hidden tests and checksums.
            references: by cell, the worked solution or else the text itself.
            name: the notebook's name.
            files: the folder with the files that students get beside it.
            config: nbgrader's configuration, for its delimiters.

        Raises:
            LanguageError: the notebook is written for another language than Python.
        """
        _check_language(graded.metadata, name)
        shown = _apply([ClearHiddenTests, ClearMarkScheme], graded, config)
        cells = tuple(
            Cell(
                role=role(cell),
                cell_type=cell.cell_type,
                source=cell.source,
                visible=visible.source,
                reference=reference,
                metadata=dict(cell.metadata.get("nbgrader", {})),
                extra={k: v for k, v in cell.metadata.items() if k in _KEPT},
                identity=cell.get("id", ""),
            )
            for reference, cell, visible in zip(references, graded.cells, shown.cells, strict=True)
        )
        return cls(name, cells, dict(graded.metadata), files)


def _check_language(metadata: NotebookNode, name: str) -> None:
    """Refuse a notebook that says that it is written in another language than Python."""
    kernel, info = metadata.get("kernelspec", {}), metadata.get("language_info", {})
    language = str(kernel.get("language") or info.get("name") or "python")
    if language.lower() not in ("python", "ipython"):
        raise LanguageError(
            f"{name} is written in {language} (kernel {kernel.get('name', 'unknown')}); only "
            "Python is graded in the sandbox. Grade this assignment with nbgrader's own Execute, "
            "in a course folder whose configuration does not call nbclassroom.configure(c), and "
            "only if you trust the submissions"
        )


def _apply(steps: list[Any], notebook: NotebookNode, config: Config | None) -> NotebookNode:
    """What nbgrader's preprocessors make of a copy of the notebook."""
    notebook = copy.deepcopy(notebook)
    for step in steps:
        notebook, _ = step(config=config or Config()).preprocess(notebook, {})
    return notebook


def role(cell: NotebookNode) -> Role:
    """The role that a trusted cell's nbgrader metadata gives it."""
    if utils.is_task(cell):
        return Role.TASK
    if utils.is_solution(cell):
        return Role.ANSWER
    if utils.is_grade(cell):
        return Role.TEST
    if utils.is_locked(cell):
        return Role.READ_ONLY
    return Role.PLAIN
