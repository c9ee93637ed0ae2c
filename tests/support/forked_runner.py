"""Score answers to an assignment in forked processes: nbgrader's rule without its kernels.

The whole bank and thousands of mutants are scored in the time that nbgrader needs for a handful of
submissions. That both give the same scores is checked with the bank, which goes both ways.
"""

import ast
import contextlib
import importlib
import io
import json
import os
import resource
import signal
import sys
import time
import traceback
import types
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NoReturn

import nbformat
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import ClearSolutions
from nbgrader.utils import determine_grade, is_grade, is_solution

CPU_SECONDS = 2  # for one cell; honest answers need a small part of it
WALL_SECONDS = 60  # for one cell of a process that waits instead of computing
BYTES = 3 * 2**30  # memory of one process


class OutOfTimeError(BaseException):
    """A cell used up its time. No `Exception`, so that an answer does not catch it by accident."""


@dataclass(frozen=True)
class Assignment:
    """The instructor's notebook of an assignment."""

    name: str
    cells: tuple[NotebookNode, ...]

    @classmethod
    def read(cls, path: Path) -> "Assignment":
        """Read `source/NN_name/NN_name.ipynb`."""
        return cls(path.stem, tuple(nbformat.read(path, as_version=4).cells))

    @cached_property
    def solutions(self) -> dict[str, NotebookNode]:
        """The code cells that hold an answer, by id."""
        return {id_of(cell): cell for cell in self.cells if is_code_answer(cell)}

    @cached_property
    def questions(self) -> dict[str, dict[str, float]]:
        """Solution cell -> its test cells and their points: those up to the next solution cell."""
        questions: dict[str, dict[str, float]] = {}
        tests: dict[str, float] = {}
        for cell in self.cells:
            if is_code_answer(cell):
                tests = questions[id_of(cell)] = {}
            elif is_code_test(cell):
                tests[id_of(cell)] = float(cell.metadata.nbgrader.points)
        return questions

    def stub(self, solution: str) -> str:
        """What a student finds in a solution cell."""
        cell = self.solutions[solution].copy()
        ClearSolutions().preprocess_cell(cell, {"language": "python"}, 0)
        return str(cell.source)

    def score(
        self,
        answers: Mapping[str, str],
        *,
        question: str | None = None,
        until_lost: bool = False,
    ) -> dict[str, float]:
        """Points of each test cell.

        Args:
            answers: Solution cell -> the text in its place; the others are the instructor's.
            question: Score only this solution cell's tests.
            until_lost: Stop at the first cell that loses points; the cells after it count 0.
        """
        cells = [cell for cell in self.cells if self._takes_part(cell, question)]
        scores = {id_of(cell): 0.0 for cell in cells if is_code_test(cell)}
        for position, outputs in run(cells, answers):
            cell = cells[position]
            if is_code_test(cell):
                points, full = determine_grade(NotebookNode({**cell, "outputs": outputs}))
                scores[id_of(cell)] = float(points)
                if until_lost and points < full:
                    break
        return scores

    def _takes_part(self, cell: NotebookNode, question: str | None) -> bool:
        if cell.cell_type != "code":
            return False
        graded = is_solution(cell) or is_grade(cell)
        own = question is None or id_of(cell) in {question, *self.questions[question]}
        return own or not graded


def id_of(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id") or cell.id)


def is_code_answer(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and is_solution(cell)


def is_code_test(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


@cache
def warm_up(source: str) -> None:
    """Import here what a cell imports at its top, so that no forked process has to."""
    with contextlib.suppress(SyntaxError):
        for node in ast.parse(source).body:
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            else:
                continue
            for name in names:
                with contextlib.suppress(ImportError):
                    importlib.import_module(name)


def run(
    cells: list[NotebookNode], answers: Mapping[str, str]
) -> Iterator[tuple[int, list[NotebookNode]]]:
    """Run cells one after the other in one forked process; yield position and outputs of each.

    A process that dies, or is out of time beyond help, yields nothing for the cells that are left.
    """
    sources = [answers.get(id_of(cell), cell.source) for cell in cells]
    for source in sources:
        warm_up(source)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        run_and_exit(sources, writing)
    os.close(writing)
    try:
        with os.fdopen(reading) as stream:
            for position, line in enumerate(stream):
                yield position, [nbformat.from_dict(output) for output in json.loads(line)]
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def run_and_exit(sources: list[str], writing: int) -> NoReturn:
    """The forked process: run each cell, write its outputs as a line of JSON, and end."""
    try:
        with Path(os.devnull).open() as nothing:
            os.dup2(nothing.fileno(), 0)
        signal.signal(signal.SIGPROF, out_of_time)
        signal.signal(signal.SIGALRM, out_of_time)
        show_warnings()
        with contextlib.suppress(ValueError, OSError):  # macOS knows no such limit
            resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))
        namespace = fresh_namespace()
        with os.fdopen(writing, "w") as stream:
            for source in sources:
                outputs = run_cell(source, namespace)
                stream.write(json.dumps(outputs) + "\n")
                stream.flush()
    finally:
        os._exit(0)


def fresh_namespace() -> dict[str, Any]:
    """The names that a notebook starts with; classes defined there belong to `__main__`."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    return module.__dict__


def show_warnings() -> None:
    """Send warnings to stderr as a kernel does, whatever the caller (pytest) makes of them."""

    def show(message, category, filename, lineno, file=None, line=None):
        sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))

    warnings.showwarning = show
    warnings.resetwarnings()
    for category in (DeprecationWarning, PendingDeprecationWarning, ResourceWarning):
        warnings.simplefilter("ignore", category)
    warnings.filterwarnings("default", module="__main__")


def out_of_time(*_: object) -> NoReturn:
    raise OutOfTimeError


def run_cell(source: str, namespace: dict[str, Any]) -> list[NotebookNode]:
    """Run a cell as a kernel does.

    Returns:
        Its outputs: what it wrote to stderr, the value of a bare expression at its end, its error.
    """
    outputs: list[NotebookNode] = []
    written = io.StringIO()
    limit_time()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(written):
        try:
            value = execute(source, namespace)
            if value is not None:
                data = {"text/plain": repr(value)}
                outputs.append(new_output("execute_result", data=data, execution_count=1))
        except BaseException as error:
            lines = traceback.format_exception_only(error)
            outputs.append(
                new_output("error", ename=type(error).__name__, evalue=lines[-1], traceback=lines)
            )
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
    if written.getvalue():
        outputs.insert(0, new_output("stream", name="stderr", text=written.getvalue()))
    return outputs


def limit_time() -> None:
    """Give the cell its time: first an exception, then, for loops inside C code, the end."""
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
    signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)
    used = int(time.process_time())
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (used + 2 * CPU_SECONDS, hard))


def execute(source: str, namespace: dict[str, Any]) -> Any:
    """Run the statements of a cell; the value of its last one if that is a bare expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), namespace)
    if isinstance(last, ast.Expr):
        return eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace)
    return None
