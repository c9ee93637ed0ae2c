"""Grading that cannot be cheated, broken or lost.

`grade(notebook, assignment)` is the whole of it for other systems: no course folder, no database.
"""

from .assignment import Assignment
from .grading import grade
from .policy import Policy
from .report import CellResult, Problem, Report, Status
from .sandbox import SandboxError

__all__ = [
    "Assignment",
    "CellResult",
    "Policy",
    "Problem",
    "Report",
    "SandboxError",
    "Status",
    "grade",
]
