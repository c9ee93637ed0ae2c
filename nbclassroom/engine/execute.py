"""The pure step: a strict notebook and its files in, an executed notebook and its results out.

No database and no course folder is within reach of it. Two workers run side by side, each in its
own sandbox: the student's cells run in one, the test cells in the other, in the notebook's order.
The grader between them hands questions and answers on and keeps the limits.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from .assignment import Assignment, Role, role
from .guest.frames import CONTROL, OUTPUT, QUESTION, Frame, ProtocolError
from .limits import Policy
from .name_analysis import TestPlan
from .outputs import Outputs
from .report import Problem
from .sandbox.forkserver import Warm
from .sandbox.worker import Worker, WorkerGoneError

_POLL = 0.2
_GRACE = 3.0
_STUDENT_TEXT = 10_000


@dataclass
class Ran:
    """How one cell ran.

    Attributes:
        failed: it ended in an error.
        stopped: why it was ended from outside; empty when it was not.
        from_student: the error came out of the student's code.
        weaker: it relied on a live object of the student's process.
    """

    failed: bool = False
    stopped: str = ""
    from_student: bool = False
    weaker: bool = False


@dataclass
class Execution:
    """What became of the notebook: its cells now have outputs; by test cell, how it ran."""

    tests: dict[str, Ran] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    died: bool = False
    cpu_seconds: float = 0.0
    peak_memory: int = 0


def execute(
    notebook: NotebookNode,
    plans: Mapping[str, TestPlan],
    assignment: Assignment,
    policy: Policy,
    student_files: Path | None = None,
    tests_files: Path | None = None,
    warm: Warm | None = None,
) -> Execution:
    """Run every code cell of a strict notebook; outputs are written into its cells.

    Args:
        notebook: as `strict.restore` returns it; changed in place.
        plans: of its test cells, by name.
        assignment: whose cells hide tests.
        policy: limits and environment.
        student_files: what the student's process finds in its folder.
        tests_files: what the tests' process finds in its own; nothing of the student's.
        warm: the process from which both are forked; without one they are started cold.
    """
    with _Run(plans, assignment, policy, student_files, tests_files, warm) as run:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                run.cell(cell)
        return run.finish()


class _Run:
    """One notebook being executed."""

    def __init__(
        self,
        plans: Mapping[str, TestPlan],
        assignment: Assignment,
        policy: Policy,
        student_files: Path | None,
        tests_files: Path | None,
        warm: Warm | None,
    ) -> None:
        self._warm = warm
        self._plans, self._assignment, self._policy = plans, assignment, policy
        self._student_files, self._tests_files = student_files, tests_files
        self._student: Worker | None = None
        self._tests: Worker | None = None
        self._gone = ""
        self._defined: list[str] = []
        self._ended: list[Worker] = []
        self.result = Execution()

    def __enter__(self) -> _Run:
        self._student = self._open("student", self._student_files)
        if self._plans:
            self._tests = self._open("tests", self._tests_files)
        return self

    def __exit__(self, *exception: object) -> None:
        for worker in (self._student, self._tests):
            if worker is not None:
                self._close(worker)

    def finish(self) -> Execution:
        """End both workers and add up what they used."""
        self.__exit__()
        self._student = self._tests = None
        self.result.cpu_seconds = sum(worker.cpu for worker in self._ended)
        self.result.peak_memory = max((worker.peak_memory for worker in self._ended), default=0)
        return self.result

    def cell(self, cell: NotebookNode) -> None:
        """Run one cell where it belongs."""
        outputs = Outputs(self._policy.output)
        if role(cell) is Role.TEST:
            name = cell.metadata.nbgrader["grade_id"]
            ran = self._test(name, cell.source, outputs)
            self.result.tests[name] = ran
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
                self.result.problems.append(Problem(ran.stopped, advice, where))
            self._told_gone = bool(self._gone)
        cell.outputs = outputs.nodes
        cell.execution_count = None

    _told_gone = False

    # -- the student's cells

    def _student_cell(self, code: str, outputs: Outputs) -> Ran:
        if not code.strip():
            return Ran()
        if self._student is None:
            return Ran(failed=True, stopped=self._gone)
        try:
            self._student.send(Frame.of({"code": code}))
            for frame in self._until_done(self._student, outputs, None):
                if frame.kind == CONTROL and "done" in frame.message:
                    return Ran(failed=bool(frame.message.get("failed")), stopped=self._stopped)
        except (WorkerGoneError, ProtocolError) as error:
            return self._lost(error)
        raise AssertionError("a cell ends, or its process does")

    def _lost(self, error: Exception) -> Ran:
        """The student's process is gone; the cells before it keep what they earned."""
        cause = self._stopped or str(error)
        self._gone = f"the student's process is gone: {cause}"
        self.result.died |= self._died(self._student)
        if self._student is not None:
            self._student.kill()
            self._close(self._student)
            self._student = None
        return Ran(failed=True, stopped=self._gone)

    def _died(self, worker: Worker | None) -> bool:
        """Whether it ended without a limit being the reason."""
        return worker is not None and not self._stopped and not worker.over_memory

    # -- the test cells

    def _test(self, name: str, code: str, outputs: Outputs) -> Ran:
        plan = self._plans[name]
        try:
            tests = self._ready_tests(plan)
            message = {
                "do": "test",
                "code": code,
                "theirs": sorted(plan.theirs),
                "live": sorted(plan.live),
            }
            tests.send(Frame.of(message))
            return self._converse(tests, outputs)
        except (WorkerGoneError, ProtocolError) as error:
            if self._tests is not None:
                self.result.died |= self._died(self._tests)
                self._tests.kill()
                self._close(self._tests)
                self._tests = None
            return Ran(failed=True, stopped=self._stopped or f"the tests' process: {error}")

    def _ready_tests(self, plan: TestPlan) -> Worker:
        """The tests' process with everything defined that the next cell needs."""
        if self._tests is None:
            self._tests = self._open("tests", self._tests_files)
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

    def _converse(self, tests: Worker, outputs: Outputs) -> Ran:
        """Hand questions and answers on until the test cell is done."""
        ran = Ran()
        for frame in self._until_done(tests, outputs, self._student):
            if frame.kind == QUESTION:
                tests.send(self._ask(frame, outputs))
            elif frame.kind == CONTROL and "done" in frame.message:
                message = frame.message
                ran.failed = bool(message["failed"])
                ran.weaker = bool(message["weaker"])
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

    _stopped = ""
    _begun: tuple[float, float] = (0.0, 0.0)

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
        worker = Worker(role_name, self._policy, files, self._warm)
        try:
            worker.wait_until_ready()
        except BaseException:
            worker.kill()
            self._close(worker)
            raise
        return worker

    def _close(self, worker: Worker) -> None:
        worker.close()
        self._ended.append(worker)


def _warnings_cost_nothing(outputs: Outputs) -> None:
    """Text on stderr scores 0 in nbgrader, also a mere warning; here only an error does."""
    for node in outputs.nodes:
        if node.output_type == "stream":
            node.name = "stdout"
