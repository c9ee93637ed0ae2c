"""What grading one notebook brings: data only, rendering is elsewhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from nbformat import NotebookNode


class Status(StrEnum):
    """How a cell with points came out."""

    PASSED = "passed"
    PARTIAL = "partial"
    FAILED = "failed"  #: the test says no
    ERROR = "error"  #: the student's code raised, or its answer cannot be taken
    STOPPED = "stopped"  #: time, memory or output ran out, or the process died
    MANUAL = "manual"  #: for a human to mark
    UNANSWERED = "unanswered"  #: to be marked by hand, and left as it was released


@dataclass(frozen=True)
class Problem:
    """Something a human should know: what happened, where, and what to do."""

    cause: str
    advice: str = ""
    cell: str | None = None

    def __str__(self) -> str:
        said = f"{self.cell}: {self.cause}" if self.cell else self.cause
        return f"{said}. {self.advice}" if self.advice else said


@dataclass(frozen=True)
class CellResult:
    """A cell that carries points.

    Attributes:
        points: what it earned; None until a human has marked it.
        message: what the student may be told: an assertion's message, never the test.
        relies_on_student: the test relied on the word of the student's process (a live object).
    """

    name: str
    points: float | None
    max_points: float
    status: Status
    message: str = ""
    relies_on_student: bool = False

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> CellResult:
        """The result of `dataclasses.asdict`; a field has had another name before."""
        fields = {**data, "status": Status(data["status"])}
        if "weaker" in fields:
            fields["relies_on_student"] = fields.pop("weaker")
        return cls(**fields)


@dataclass
class Report:
    """The result of grading one notebook.

    Attributes:
        graded: False where the notebook could not be graded at all; `problems` say why.
        problems: causes of lost cells, by cell.
        flags: what deserves a human look though it cost nothing.
        notebook: the executed notebook (with hidden tests: for the instructor alone).
        died: a process ended without a limit being the reason; by the student's doing, or by
            somebody's else.
        cpu_seconds: of both processes; peak_memory: bytes, of the larger.
    """

    name: str
    graded: bool = True
    cells: list[CellResult] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    flags: list[Problem] = field(default_factory=list)
    notebook: NotebookNode | None = None
    died: bool = False
    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_memory: int = 0

    @property
    def score(self) -> float:
        """Points earned so far; cells to be marked by hand count 0."""
        return sum(cell.points or 0.0 for cell in self.cells)

    @property
    def max_score(self) -> float:
        """Points that can be earned."""
        return sum(cell.max_points for cell in self.cells)

    def points(self) -> dict[str, float | None]:
        """Points by cell."""
        return {cell.name: cell.points for cell in self.cells}

    def to_dict(self) -> dict[str, Any]:
        """Everything but the notebook, as plain values for JSON."""
        return {**{k: v for k, v in vars(self).items() if k not in ("notebook", "cells",
                                                                    "problems", "flags")},
                "cells": [asdict(cell) for cell in self.cells],
                "problems": [asdict(problem) for problem in self.problems],
                "flags": [asdict(flag) for flag in self.flags]}  # fmt: skip

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Report:
        """The report of `to_dict`; the notebook stands elsewhere."""
        cells = [CellResult.from_dict(cell) for cell in data["cells"]]
        problems = [Problem(**problem) for problem in data["problems"]]
        flags = [Problem(**flag) for flag in data["flags"]]
        return cls(**{**data, "cells": cells, "problems": problems, "flags": flags})
