"""The plain call: grading one notebook, with no course folder and no database."""

from __future__ import annotations

import shutil
import time
from functools import partial
from pathlib import Path

from nbformat import NotebookNode
from nbgrader import utils

from nbclassroom.errors import ForkServerError, UnreadableError

from . import name_analysis, score, untrusted
from .assignment import Assignment, Role, role
from .execute import CellRun, Places, execute
from .limits import Policy
from .report import CellResult, Problem, Report, Status
from .restore import restore
from .sandbox import bubblewrap, shared
from .tempdirs import temporary_folder

_MESSAGE = 500


def grade(
    notebook: Path | NotebookNode, assignment: Assignment, policy: Policy | None = None
) -> Report:
    """Grade one submitted notebook.

    What somebody else has killed on the way is done once more: a process that died by the
    student's doing dies again, else it does not.

    Args:
        notebook: the submitted file; the files beside it are the submission's. Or a notebook that
            was read already, which has no files.
        assignment: the instructor's side.
        policy: limits and environment; default `Policy()`.

    Returns:
        The report, with the executed notebook. A notebook that cannot be read is reported, not
        raised.

    Raises:
        SandboxError: where no sandbox can be had and submissions are not declared trusted.
    """
    policy = policy or Policy()
    bubblewrap.check(policy)
    begun = time.monotonic()
    folder = None
    if isinstance(notebook, Path):
        folder = notebook.parent
        try:
            notebook = untrusted.read_notebook(notebook)
        except UnreadableError as error:
            return unreadable(assignment.name, error.cause, error.advice)
    with temporary_folder() as place:
        files, refused = collect_files(folder, assignment, place / "files")
        tests_files, _ = collect_files(None, assignment, place / "tests")
        once_more = partial(_executed, notebook, assignment, policy, files, tests_files)
        try:
            report = once_more()
        except ForkServerError:
            report = once_more()
        else:
            report = once_more() if report.died else report
    report.flags += refused
    report.wall_seconds = time.monotonic() - begun
    return report


def unreadable(name: str, cause: str, advice: str = "") -> Report:
    """The report on a notebook that cannot be graded."""
    return Report(name, graded=False, problems=[Problem(cause, advice)])


def _executed(
    submitted: NotebookNode,
    assignment: Assignment,
    policy: Policy,
    files: Path | None,
    tests_files: Path | None,
) -> Report:
    """Restore the instructor's cells, execute, and count the points."""
    notebook, flags = restore(submitted, assignment)
    report = Report(assignment.name, flags=flags, notebook=notebook)
    plans = name_analysis.plan(assignment)
    places = Places(shared.launcher(policy), files, tests_files)
    runs = execute(notebook, plans, assignment, policy, places, report)
    for cell in notebook.cells:
        if utils.is_grade(cell) or utils.is_task(cell):
            _result(cell, assignment, plans, runs, report)
    return report


def _result(
    cell: NotebookNode,
    assignment: Assignment,
    plans: dict[str, name_analysis.TestPlan],
    runs: dict[str, CellRun],
    report: Report,
) -> None:
    name = cell.metadata.nbgrader["grade_id"]
    maximum = float(cell.metadata.nbgrader["points"])
    if role(cell) is not Role.TEST:
        unchanged = role(cell) is Role.ANSWER and utils.compute_checksum(
            cell
        ) == cell.metadata.nbgrader.get("checksum")
        points, status = (0.0, Status.UNANSWERED) if unchanged else (None, Status.MANUAL)
        report.cells.append(CellResult(name, points, maximum, status))
        return
    ran = runs.get(name, CellRun())
    if cell.cell_type != "code":
        report.cells.append(CellResult(name, None, maximum, Status.MANUAL))
        return
    points, status, reason = score.points(cell, plans[name].ends_in_student_value)
    if reason:
        report.flags.append(
            Problem(reason, "Look at the test: it should end in an assertion", name)
        )
    if ran.stopped:
        points, status = 0.0, Status.STOPPED
    elif ran.failed:
        points, status = 0.0, Status.ERROR if ran.from_student else Status.FAILED
    message = _message(cell, ran, assignment.cell(name).hides_tests)
    cell.metadata["classroom"] = {
        "points": points,
        "status": str(status),
        "message": message,
        "relies_on_student": ran.relies_on_student,
    }
    report.cells.append(CellResult(name, points, maximum, status, message, ran.relies_on_student))


def _message(cell: NotebookNode, ran: CellRun, hides: bool) -> str:
    """What the student may be told about a failed test: never the test itself."""
    if ran.stopped:
        return ran.stopped
    for output in cell.outputs:
        if output.output_type == "error":
            if ran.from_student and hides:
                # Its text is the student's code's, which has seen the hidden values.
                return f"Your code raised {output.ename} in a hidden test."
            text = output.evalue.partition("In the student's process:")[0].strip()
            return text[:_MESSAGE] if output.ename == "AssertionError" else (
                f"{output.ename}: {text}"[:_MESSAGE]
            )  # fmt: skip
    return ""


def collect_files(
    folder: Path | None, assignment: Assignment, target: Path
) -> tuple[Path | None, list[Problem]]:
    """Put the submission's files and, over them, the instructor's into the new folder `target`.

    Returns:
        The folder, None without any file; and a flag for each of the submission's that is refused.
    """
    target.mkdir(parents=True)
    flags = []
    for source in filter(None, (folder, assignment.files)):
        taken, refused = untrusted.files(source)
        if source is folder:
            flags = [
                Problem(f"the file {each.path} was left out: {each.cause}") for each in refused
            ]
        for relative in taken:
            place = target / relative
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / relative, place, follow_symlinks=False)
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    target.chmod(0o755)
    return (target if any(target.iterdir()) else None), flags
