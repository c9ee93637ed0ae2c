"""The plain call: grading one notebook, with no course folder and no database."""

from __future__ import annotations

import functools
import shutil
import time
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader import utils

from . import name_analysis, restore, score, untrusted
from .assignment import Assignment, Role, role
from .execute import Execution, Ran, execute
from .guest import memory
from .limits import Policy
from .report import CellResult, Problem, Report, Status
from .sandbox import bubblewrap
from .sandbox.forkserver import Warm
from .tempdirs import scratch

_MESSAGE = 500


def grade(
    notebook: Path | NotebookNode,
    assignment: Assignment,
    policy: Policy | None = None,
    warm: Warm | None = None,
) -> Report:
    """Grade one submitted notebook.

    Args:
        notebook: the submitted file; the files beside it are the submission's. Or a notebook that
            was read already, which has no files.
        assignment: the instructor's side.
        policy: limits and environment; default `Policy()`.
        warm: the process from which the workers are forked (`warm.shared`); default none, which
            starts them cold.

    Returns:
        The report, with the executed notebook. A notebook that cannot be read is reported, not
        raised.

    Raises:
        SandboxError: where no sandbox can be had and submissions are not declared trusted.
    """
    policy = policy or Policy()
    if not policy.trust_submissions:
        bubblewrap.check(policy)
    report = Report(assignment.name)
    begun = time.monotonic()
    folder = None
    if isinstance(notebook, Path):
        folder = notebook.parent
        try:
            notebook = untrusted.read_notebook(notebook)
        except untrusted.UnreadableError as error:
            return unreadable(assignment.name, str(error))
    restored, report.flags = restore.restore(notebook, assignment)
    with scratch() as place:
        files = collect_files(folder, assignment, place / "files", report)
        tests_files = collect_files(None, assignment, place / "tests", report)
        run(restored, assignment, policy, report, files, tests_files, warm)
    report.wall_seconds = time.monotonic() - begun
    return report


def unreadable(name: str, why: str) -> Report:
    """The report on a notebook that cannot be read; `why` says it, and then what to do."""
    cause, _, advice = why.partition(". ")
    return Report(name, graded=False, problems=[Problem(cause, advice)])


@functools.cache
def rehearse() -> None:
    """Make this process ready to be forked: abstract classes remember what they were asked."""
    text = nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 + 1")]))
    with scratch() as folder:
        path = folder / "rehearsal.ipynb"
        path.write_text(text)
        notebook = untrusted.read_notebook(path)
    notebook.cells += [nbformat.v4.new_markdown_cell(), nbformat.v4.new_raw_cell()]
    for kind in ("stream", "error", "execute_result"):
        nbformat.v4.new_output(kind)
    name_analysis.plan(Assignment.of(notebook, "rehearsal"))
    memory.settle()


def run(
    restored: NotebookNode,
    assignment: Assignment,
    policy: Policy,
    report: Report,
    files: Path | None = None,
    tests_files: Path | None = None,
    warm: Warm | None = None,
) -> None:
    """Execute a strict notebook and fill the report.

    Args:
        restored: as `restore.restore` returns it; gets its outputs.
        assignment: the instructor's side.
        policy: limits and environment.
        report: to fill.
        files: what the student's process finds in its folder.
        tests_files: what the tests' process finds in its own.
        warm: the process from which the workers are forked.
    """
    plans = name_analysis.plan(assignment)
    execution = execute(restored, plans, assignment, policy, files, tests_files, warm)
    report.problems += execution.problems
    report.cpu_seconds, report.peak_memory = execution.cpu_seconds, execution.peak_memory
    report.died = execution.died
    for cell in restored.cells:
        if utils.is_grade(cell) or utils.is_task(cell):
            _result(cell, assignment, plans, execution, report)
    report.notebook = restored


def _result(
    cell: NotebookNode,
    assignment: Assignment,
    plans: dict[str, name_analysis.TestPlan],
    execution: Execution,
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
    ran = execution.tests.get(name, Ran())
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
        "points": points, "status": str(status), "message": message, "weaker": ran.weaker
    }  # fmt: skip
    report.cells.append(CellResult(name, points, maximum, status, message, ran.weaker))


def _message(cell: NotebookNode, ran: Ran, hides: bool) -> str:
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
    folder: Path | None, assignment: Assignment, target: Path, report: Report
) -> Path | None:
    """A folder with the submission's files and, over them, the instructor's; None without any."""
    target.mkdir(parents=True)
    for source, own in ((folder, True), (assignment.files, False)):
        if source is None:
            continue
        taken, refused = untrusted.files(source)
        if own:
            report.flags += [
                Problem(f"the file {each.path} was left out: {each.cause}") for each in refused
            ]
        for relative in taken:
            place = target / relative
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / relative, place, follow_symlinks=False)
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    target.chmod(0o755)
    return target if any(target.iterdir()) else None
