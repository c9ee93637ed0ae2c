"""A graded notebook as its student thinks of it: questions with points, marks and messages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from nbformat import NotebookNode
from nbgrader import utils

LONGEST_TITLE = 200
LONGEST_MESSAGE = 600
_HEADING = re.compile(r"(#{1,6})[ \t]+([^\n]+)")


class Mark(StrEnum):
    """How a question, or one cell of it with points, came out."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    WAITING = "waiting"  #: for somebody who marks by hand


@dataclass(frozen=True)
class Part:
    """A cell with points.

    Attributes:
        cell: its number in the notebook, from 0.
        message: what its test says, in words; empty where there is nothing to say.
    """

    cell: int
    name: str
    score: float
    max_score: float
    mark: Mark
    message: str = ""


@dataclass
class Question:
    """A run of cells under one heading; without parts it is a text of the assignment."""

    title: str
    cells: list[int] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    @property
    def score(self) -> float:
        """Points so far."""
        return sum(part.score for part in self.parts)

    @property
    def max_score(self) -> float:
        """Points that can be had."""
        return sum(part.max_score for part in self.parts)

    @property
    def mark(self) -> Mark:
        """The marks of its parts in one."""
        marks = {part.mark for part in self.parts}
        if Mark.WAITING in marks:
            return Mark.WAITING
        return marks.pop() if len(marks) == 1 else Mark.PARTLY


def questions(notebook: NotebookNode) -> list[Question]:
    """The questions of a graded notebook, in order; each cell belongs to one.

    A heading of the notebook's outline begins a question: the highest level of Markdown headings
    of which there are two or more, and what is above it. Where there are none, each cell with
    points ends one.
    """
    level = _level(notebook)
    found = [Question("")]
    for number, cell in enumerate(notebook.cells):
        title = heading(cell)
        if title and title[0] <= level:
            found.append(Question(title[1]))
        elif not level and found[-1].parts:
            found.append(Question(""))
        question = found[-1]
        question.cells.append(number)
        if utils.is_grade(cell) or utils.is_task(cell):
            part = _part(number, cell)
            question.parts.append(part)
            question.title = question.title or part.name
    return [question for question in found if question.cells]


def heading(cell: NotebookNode) -> tuple[int, str] | None:
    """Level and text of the heading that a Markdown cell of the assignment begins with."""
    if cell.cell_type != "markdown" or utils.is_solution(cell):
        return None
    found = _HEADING.match(cell.source[: LONGEST_TITLE + 8])
    return (len(found[1]), found[2].strip().strip("#").strip()) if found else None


def _level(notebook: NotebookNode) -> int:
    """The heading level that begins questions; 0 where the notebook has no outline."""
    found = Counter(title[0] for cell in notebook.cells if (title := heading(cell)))
    several = [level for level, number in found.items() if number > 1]
    return min(several or found, default=0)


def _part(number: int, cell: NotebookNode) -> Part:
    ours = cell.metadata.nbgrader
    score, most = float(ours.get("score") or 0), float(ours.get("points") or 0)
    if ours.get("waiting"):
        mark = Mark.WAITING
    elif score >= most:
        mark = Mark.RIGHT
    else:
        mark = Mark.PARTLY if score > 0 else Mark.WRONG
    message = "" if mark is Mark.RIGHT else " ".join(_messages(cell))
    return Part(number, str(ours.grade_id), score, most, mark, message[:LONGEST_MESSAGE])


def _messages(cell: NotebookNode) -> Iterator[str]:
    """What the errors of a test cell say, as far as the student may read it."""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            own = output.ename == "AssertionError" and output.evalue
            yield output.evalue if own else "\n".join(output.traceback[-1:]).strip()
