"""Execution without a database: a restored notebook and its files in, outputs and times out.

No database and no course folder is within reach of it. Two workers run side by side, each in its
own sandbox: the student's cells run in one, the test cells in the other, in the notebook's order.
The grader between them hands questions and answers on and keeps the limits.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from nbclassroom.errors import WorkerGoneError

from .assignment import Assignment, Role, role
from .guest.frames import CONTROL, OUTPUT, QUESTION, Frame, ProtocolError
from .limits import Policy
from .name_analysis import TestPlan
from .outputs import Outputs
from .report import Problem, Report
from .sandbox.launchers import Launcher
from .sandbox.worker import Worker

_POLL = 0.2
_GRACE = 3.0
_STUDENT_TEXT = 10_000


@dataclass
class CellRun:
    """How one cell ran.

    Attributes:
        failed: it ended in an error.
        stopped: why it was ended from outside; empty when it was not.
        from_student: the error came out of the student's code.
        relies_on_student: it relied on a live object of the student's process.
    """

    failed: bool = False
    stopped: str = ""
    from_student: bool = False
    relies_on_student: bool = False


@dataclass(frozen=True)
class Places:
    """Where the two processes come from, and what each finds in its folder.

    Attributes:
        launcher: of both processes.
        student_files: for the student's process.
        tests_files: for the tests' process; nothing of the student's.
    """

    launcher: Launcher
    student_files: Path | None = None
    tests_files: Path | None = None


def execute(
    notebook: NotebookNode,
    plans: Mapping[str, TestPlan],
    assignment: Assignment,
    policy: Policy,
    places: Places,
    report: Report,
) -> dict[str, CellRun]:
    """Run every code cell of a restored notebook; outputs are written into its cells.

    Args:
        notebook: as `restore.restore` returns it; changed in place.
        plans: of its test cells, by name.
        assignment: whose cells hide tests.
        policy: limits and environment.
        places: where the two processes come from.
        report: gets the problems and what was used.

    Returns:
        How each test cell ran, by its name.
    """
    with _Run(plans, assignment, policy, places, report) as run:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                run.cell(cell)
    return run.tests


class _Run:
    """One notebook being executed."""

    def __init__(
        self,
        plans: Mapping[str, TestPlan],
        assignment: Assignment,
        policy: Policy,
        places: Places,
        report: Report,
    ) -> None:
        self._plans, self._assignment, self._policy = plans, assignment, policy
        self._places, self._report = places, report
        self._student: Worker | None = None
        self._tests: Worker | None = None
        self._gone, self._told_gone = "", False
        self._stopped = ""
        self._begun = (0.0, 0.0)
        self._defined: list[str] = []
        self.tests: dict[str, CellRun] = {}

    def __enter__(self) -> _Run:
        self._student = self._open("student", self._places.student_files)
        if self._plans:
            self._tests = self._open("tests", self._places.tests_files)
        return self

    def __exit__(self, *exception: object) -> None:
        for worker in (self._student, self._tests):
            if worker is not None:
                self._close(worker)

    def cell(self, cell: NotebookNode) -> None:
        """Run one cell where it belongs."""
        outputs = Outputs(self._policy.output)
        if role(cell) is Role.TEST:
            name = cell.metadata.nbgrader["grade_id"]
            ran = self._test(name, cell.source, outputs)
            self.tests[name] = ran
            where = name
        else:
            source = cell.source
            if role(cell) is Role.READ_ONLY:  # never what is hidden
                source = self._assignment.cell(cell.metadata.nbgrader["grade_id"]).visible
            ran = self._student_cell(source, outputs)
            where = cell.metadata.get("nbgrader", {}).get("grade_id")
        if ran.stopped:
            outputs.error("DeadKernelError" if self._gone else "CellTimeoutError", ran.stopped)
            advice = "Look at the cell; grade again with a higher limit if the work deserves it"
            if not (self._gone and ran.stopped == self._gone and self._told_gone):
                self._report.problems.append(Problem(ran.stopped, advice, where))
            self._told_gone = bool(self._gone)
        cell.outputs = outputs.nodes
        cell.execution_count = None

    # -- the student's cells

    def _student_cell(self, code: str, outputs: Outputs) -> CellRun:
        if not code.strip():
            return CellRun()
        if self._student is None:
            return CellRun(failed=True, stopped=self._gone)
        try:
            self._student.send(Frame.of({"code": code}))
            for frame in self._until_done(self._student, outputs, None):
                if frame.kind == CONTROL and "done" in frame.message:
                    return CellRun(failed=bool(frame.message.get("failed")), stopped=self._stopped)
        except (WorkerGoneError, ProtocolError) as error:
            return self._lost(error)
        raise AssertionError("a cell ends, or its process does")

    def _lost(self, error: Exception) -> CellRun:
        """The student's process is gone; the cells before it keep what they earned."""
        cause = self._stopped or str(error)
        self._gone = f"the student's process is gone: {cause}"
        self._report.died |= self._died(self._student)
        if self._student is not None:
            self._student.kill()
            self._close(self._student)
            self._student = None
        return CellRun(failed=True, stopped=self._gone)

    def _died(self, worker: Worker | None) -> bool:
        """Whether it ended without a limit being the reason."""
        return worker is not None and not self._stopped and not worker.over_memory

    # -- the test cells

    def _test(self, name: str, code: str, outputs: Outputs) -> CellRun:
        plan = self._plans[name]
        try:
            tests = self._ready_tests(plan)
            message = {
                "do": "test",
                "code": code,
                "students": sorted(plan.students),
                "live": sorted(plan.live),
            }
            tests.send(Frame.of(message))
            return self._converse(tests, outputs)
        except (WorkerGoneError, ProtocolError) as error:
            if self._tests is not None:
                self._report.died |= self._died(self._tests)
                self._tests.kill()
                self._close(self._tests)
                self._tests = None
            return CellRun(failed=True, stopped=self._stopped or f"the tests' process: {error}")

    def _ready_tests(self, plan: TestPlan) -> Worker:
        """The tests' process with everything defined that the next cell needs."""
        if self._tests is None:
            self._tests = self._open("tests", self._places.tests_files)
            again, self._defined = self._defined, []
            for code in again:
                self._define(self._tests, code, frozenset())
        for definition in plan.definitions:
            self._define(self._tests, definition.code, definition.shared)
        return self._tests

    def _define(self, tests: Worker, code: str, shared: frozenset[str]) -> None:
        self._defined.append(code)
        tests.send(Frame.of({"do": "define", "code": code, "shared": sorted(shared),
                             "name": "<the assignment>"}))  # fmt: skip
        for frame in self._until_done(tests, Outputs(0), None):
            if frame.kind == CONTROL:
                return

    def _converse(self, tests: Worker, outputs: Outputs) -> CellRun:
        """Hand questions and answers on until the test cell is done."""
        ran = CellRun()
        for frame in self._until_done(tests, outputs, self._student):
            if frame.kind == QUESTION:
                tests.send(self._ask(frame, outputs))
            elif frame.kind == CONTROL and "done" in frame.message:
                message = frame.message
                ran.failed = bool(message["failed"])
                ran.relies_on_student = bool(message["relies_on_student"])
                ran.from_student = bool(message["from_student"] or message["student_error"])
                ran.stopped = self._stopped
                if not ran.stopped and self._gone and message["student_error"]:
                    ran.stopped = self._gone
                _warnings_cost_nothing(outputs)
                return ran
        raise AssertionError("a test cell ends, or its process does")

    def _ask(self, question: Frame, outputs: Outputs) -> Frame:
        """The student's answer to one question; its printed text joins the cell's outputs."""
        if self._student is None:
            return Frame.of({"gone": self._gone}, QUESTION)
        printed = Outputs(_STUDENT_TEXT)
        try:
            self._student.send(question)
            for frame in self._until_done(self._student, printed, None, keep_clock=True):
                if frame.kind == QUESTION:
                    for node in printed.nodes:
                        if node.output_type == "stream":
                            outputs.text(node.text, "stdout")
                    return frame
        except (WorkerGoneError, ProtocolError) as error:
            self._lost(error)
        return Frame.of({"gone": self._gone}, QUESTION)

    # -- talking under limits

    def _until_done(
        self, worker: Worker, outputs: Outputs, beside: Worker | None, keep_clock: bool = False
    ) -> Iterator[Frame]:
        """Frames of `worker` until the caller has what it waits for, within the cell's limits.

        Outputs are collected on the way. When a limit is passed the worker is interrupted, and
        after a moment of grace ended. `beside` is a worker whose use counts too.
        """
        both = [worker, *([beside] if beside else [])]
        if not keep_clock:
            self._stopped = ""
            for each in both:
                each.watch()
            self._begun = (time.monotonic(), self._cpu())
        interrupted = 0.0
        looked = time.monotonic()
        while True:
            for event in worker.events(_POLL):
                if isinstance(event, bytes):
                    outputs.raw(event)
                elif event.kind == OUTPUT:
                    with contextlib.suppress(ProtocolError):
                        outputs.add(event.message, event.size)
                else:
                    yield event
            now = time.monotonic()
            if now - looked < _POLL and outputs.received <= self._policy.flood:
                continue
            looked = now
            for each in both:
                each.watch()
            if not interrupted and (reason := self._over(outputs)):
                # Where a call was stopped already, the test that made it may end by itself.
                if keep_clock or not self._stopped:
                    worker.interrupt()
                self._stopped, interrupted = self._stopped or reason, now
            elif interrupted and now - interrupted > _GRACE:
                worker.kill()
                raise WorkerGoneError(self._stopped)

    def _cpu(self) -> float:
        return sum(worker.cpu for worker in (self._student, self._tests) if worker is not None)

    def _over(self, outputs: Outputs) -> str:
        """Which limit of the cell is passed; nothing while none is."""
        policy, (wall, cpu) = self._policy, self._begun
        if self._cpu() - cpu > policy.cell_cpu:
            return f"the cell used more than {policy.cell_cpu:g} s of CPU time"
        if time.monotonic() - wall > policy.cell_wall:
            return f"the cell did not end within {policy.cell_wall:g} s"
        if outputs.received > policy.flood:
            return f"the cell wrote more than {policy.flood >> 20} MiB of output"
        return ""

    # -- workers

    def _open(self, role_name: str, files: Path | None) -> Worker:
        worker = Worker(role_name, self._policy, files, self._places.launcher)
        try:
            worker.wait_until_ready()
        except BaseException:
            worker.kill()
            self._close(worker)
            raise
        return worker

    def _close(self, worker: Worker) -> None:
        worker.close()
        self._report.cpu_seconds += worker.cpu
        self._report.peak_memory = max(self._report.peak_memory, worker.peak_memory)


def _warnings_cost_nothing(outputs: Outputs) -> None:
    """Text on stderr scores 0 in nbgrader, also a mere warning; here only an error does."""
    for node in outputs.nodes:
        if node.output_type == "stream":
            node.name = "stdout"
