"""Check what a learner built, show hints, and hand on the version that the lesson uses."""

import html
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dis import get_instructions
from functools import reduce
from typing import Any

from IPython.display import display

from openllms import quizzes
from openllms.checks.engine import Case, Check, Mistake, Report, plain
from openllms.quizzes import BuildTask
from openllms.widgets.view import folded, inline, paragraph

Function = Callable[..., Any]
LEARNER = "The lesson goes on with your version."
COURSE = "The lesson goes on with the course's version."


@dataclass(frozen=True)
class Build:
    """A function that a learner writes; call this with it, and keep what comes back.

    Attributes:
        lesson: such as "02_llama"; the words stand in its quiz's data file, under `builds`.
        solution: the course's version; its name is the build's id.
        cases: what the lesson hands over, such as a real model -> cases: key -> (arguments, right
            result). They are tried in this order.
        mistakes: key -> a wrong version; one that explains what was seen is named.
    """

    lesson: str
    solution: Function
    cases: Callable[..., Mapping[str, tuple[tuple[Any, ...], Any]]]
    mistakes: Mapping[str, Function]

    @property
    def task(self) -> BuildTask:
        """The words: about cases and mistakes, praise and hints."""
        return quizzes.load(self.lesson).build(self.solution.__name__)

    @property
    def source(self) -> str:
        """The course's version as text: the last hint."""
        return inspect.getsource(self.solution).rstrip()

    def __call__(self, function: Function, *real: Any) -> Function:
        """Show how the learner's function does; return it if it is right, else the course's.

        Args:
            function: what the cell above defined.
            *real: what the cases are made from.
        """
        report = self.report(function, *real)
        display(Turn(report, [inline(hint) for hint in self.task.hints], self.source))
        return function if report.passed else self.solution

    def report(self, function: Function, *real: Any) -> Report:
        """Judge a function without showing anything."""
        if function is self.solution:
            return Report("untouched", "Run the cell above this one again first.")
        if is_empty(function):
            return Report("untouched", "Not written yet.")
        task = self.task
        cases = self.cases(*real).items()
        check = Check(
            cases=[Case(given, plain(right), task.cases[key]) for key, (given, right) in cases],
            mistakes=[Mistake(wrong, task.mistakes[key]) for key, wrong in self.mistakes.items()],
            praise=task.praise,
        )
        report = check(function)
        if report.outcome == "untouched":
            return Report("wrong", "Your function returns nothing. Does it end with `return`?")
        return report


@dataclass(frozen=True)
class Turn:
    """What is shown under a build: the report, which version is used, and the hints.

    The hints are folded into one another, so that each opens only after the one before it, in any
    front end, without a kernel and in an exported page.
    """

    report: Report
    hints: list[str]
    solution: str

    def __str__(self) -> str:
        return f"{self.report} {LEARNER if self.report.passed else COURSE}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        used = LEARNER if self.report.passed else COURSE
        report = Report(self.report.outcome, f"{self.report.message} {used}")
        count = len(self.hints)
        last = folded("A solution", f"<pre><code>{html.escape(self.solution)}</code></pre>")
        numbered = list(enumerate(self.hints, start=1))
        inner = reduce(
            lambda rest, hint: folded(f"Hint {hint[0]} of {count}", f"{paragraph(hint[1])}{rest}"),
            reversed(numbered),
            last,
        )
        return f'{report._repr_html_()}<div class="hints" style="margin-left: 14px">{inner}</div>'


def is_empty(function: Function) -> bool:
    """Whether a function's body does nothing but return None."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    nothing = {"RESUME", "NOP", "RETURN_VALUE"}
    return all(step.opname in nothing or step.argval is None for step in get_instructions(code))
