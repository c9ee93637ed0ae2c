"""From a test cell's outputs to points, as nbgrader counts, without its traps."""

from __future__ import annotations

import logging
import math

from nbformat import NotebookNode
from nbgrader.utils import determine_grade

from .report import Status

_QUIET = logging.getLogger("nbclassroom.quiet")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False


def points(cell: NotebookNode, ends_in_student_value: bool) -> tuple[float | None, Status, str]:
    """Points and status of a trusted cell that was run, or is to be marked by hand.

    The rules are nbgrader's `determine_grade`, and the points are equal on honest submissions, but:
    a partial credit above the maximum or below zero, or one that is no number, earns nothing where
    it was the student's value; a warning on stderr costs nothing (see `execute`).

    Args:
        cell: with its outputs and nbgrader metadata.
        ends_in_student_value: the last expression of the cell is made of the student's names.

    Returns:
        Points (None: by hand), status, and a reason where ours differ from nbgrader's.
    """
    maximum = float(cell.metadata.nbgrader["points"])
    value = _partial(cell)
    if value is not None:
        if isinstance(value, str):
            if ends_in_student_value:
                return 0.0, Status.FAILED, f"the cell ended in {value[:80]!r}, which is no number"
        elif math.isclose(value, maximum, rel_tol=1e-9):
            return maximum, Status.PASSED, ""
        elif not 0 <= value <= maximum:
            return 0.0, Status.FAILED, f"a partial credit of {value:g} of {maximum:g}"
    earned, _ = determine_grade(cell, _QUIET)
    if earned is None:
        return None, Status.MANUAL, ""
    if cell.metadata.nbgrader.get("solution"):
        return float(earned), Status.UNANSWERED, ""
    status = Status.PASSED if earned >= maximum else Status.PARTIAL if earned > 0 else Status.FAILED
    return float(earned), status, ""


def _partial(cell: NotebookNode) -> float | str | None:
    """What the cell's last expression showed: a number, a text, or nothing."""
    if cell.cell_type != "code" or cell.metadata.nbgrader.get("solution"):
        return None
    for output in cell.outputs:
        if output.output_type == "error":
            return None
        if output.output_type == "execute_result":
            text = output.data.get("text/plain", "")
            try:
                return float(text)
            except ValueError:
                return str(text)
    return None
