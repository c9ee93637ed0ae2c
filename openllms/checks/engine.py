"""Compare a learner's function with known cases, and recognise the usual mistakes."""

import html
import math
import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

from torch import Tensor

# The same marks as the widgets: a word always says what the colour says.
_MARKS = {
    "right": ("#009E73", "Right."),
    "wrong": ("#D55E00", "Not yet."),
    "untouched": ("#8C8C8C", "Your turn."),
}
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Report:
    """The outcome of a check, shown in the notebook as one line."""

    outcome: Literal["right", "wrong", "untouched"]
    message: str

    @property
    def passed(self) -> bool:
        """Whether the exercise is solved."""
        return self.outcome == "right"

    def __str__(self) -> str:
        return f"{_MARKS[self.outcome][1]} {self.message}"

    def _repr_html_(self) -> str:
        colour, word = _MARKS[self.outcome]
        message = _CODE.sub(r"<code>\1</code>", html.escape(self.message))
        return (
            f'<div role="status" class="check" style="border-left: 4px solid {colour}; '
            f'padding: 2px 0 2px 10px; line-height: 1.45; max-width: 60em">'
            f"<b>{word}</b> {message}</div>"
        )


@dataclass(frozen=True)
class Case:
    """Arguments, the right result, and in words what the case is about."""

    arguments: tuple[Any, ...]
    expected: Any
    about: str

    @property
    def fresh(self) -> tuple[Any, ...]:
        """The arguments, copied so that nobody can change the case; models stay as they are."""
        return tuple(a if callable(a) else deepcopy(a) for a in self.arguments)


@dataclass(frozen=True)
class Mistake:
    """A wrong function that learners tend to write, and what to tell them."""

    function: Callable[..., Any]
    message: str

    def explains(self, cases: Sequence[Case], results: Sequence[Any]) -> bool:
        """Whether the wrong function gives these results for these cases."""
        try:
            wrong = [plain(self.function(*case.fresh)) for case in cases]
        except Exception:  # a wrong function may not fit every case
            return False
        return all(same(result, value) for result, value in zip(results, wrong, strict=True))

    def stops(self, case: Case, error: Exception) -> bool:
        """Whether the wrong function stops at this case with this error."""
        try:
            self.function(*case.fresh)
        except Exception as own:
            return type(own) is type(error) and str(own) == str(error)
        return False


@dataclass(frozen=True)
class Check:
    """A check of one function; call it with what the learner wrote.

    Attributes:
        cases: tried in this order; the first that fails is reported.
        mistakes: looked through in this order for one that explains what was seen.
        praise: what a right answer has shown.
    """

    cases: Sequence[Case]
    mistakes: Sequence[Mistake] = ()
    praise: str = "All cases agree."

    def __call__(self, function: Callable[..., Any]) -> Report:
        """Try the learner's function on all cases."""
        if not callable(function):
            return Report("wrong", "Give the check your function itself, without calling it.")
        results: list[Any] = []
        for case in self.cases:
            try:
                results.append(plain(function(*case.fresh)))
            except NotImplementedError:
                return Report("untouched", "Replace the line that says so with your own code.")
            except Exception as error:
                return Report("wrong", self._explain_stop(case, error))
            if results[0] is None or results[0] is ...:
                return Report("untouched", "The function returns nothing yet.")
        for case, result in zip(self.cases, results, strict=True):
            if not same(result, case.expected):
                return Report("wrong", self._explain(case, result, results))
        return Report("right", self.praise)

    def _explain_stop(self, case: Case, error: Exception) -> str:
        said = f"For {case.about} your function stopped with {type(error).__name__}: {error}."
        for mistake in self.mistakes:
            if mistake.stops(case, error):
                return f"{said} {mistake.message}"
        return said

    def _explain(self, case: Case, result: Any, results: Sequence[Any]) -> str:
        said = f"For {case.about} {contrast(result, case.expected)}"
        # A mistake that explains all results is likelier than one that explains the failing case.
        for tried, seen in ((self.cases, results), ((case,), (result,))):
            for mistake in self.mistakes:
                if mistake.explains(tried, seen):
                    return f"{said} {mistake.message}"
        if type(result) is not type(case.expected) and not (is_number(result, case.expected)):
            wanted, got = type(case.expected).__name__, type(result).__name__
            return f"{said} The result should be of type {wanted}, not {got}."
        return said


def contrast(result: Any, expected: Any) -> str:
    """What should have come out and what did, as a sentence after "For ..."."""
    if isinstance(expected, tuple) and isinstance(result, tuple) and len(result) == len(expected):
        pairs = zip(result, expected, strict=True)
        place, (one, other) = next(p for p in enumerate(pairs, start=1) if not same(*p[1]))
        return f"{contrast(one, other)[:-1]} (result {place} of {len(expected)})."
    if isinstance(expected, Tensor) and isinstance(result, Tensor):
        shape, wanted = tuple(result.shape), tuple(expected.shape)
        if shape != wanted:
            return f"the shape should be {wanted}; yours is {shape}."
        if result.isnan().any():
            return "yours holds numbers that are not a number (nan)."
        off, size = (result - expected).abs().max(), expected.abs().max()
        return f"yours is wrong by up to {off:.3g}; the largest number should be {size:.3g}."
    return f"it should be {show(expected)}; yours gives {show(result)}."


def plain(value: Any) -> Any:
    """A NumPy or torch scalar as the Python number that it holds; anything else as it is."""
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return value.item()
    return value


def is_number(*values: Any) -> bool:
    """Whether all values are numbers; True and False are not."""
    return all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values)


def same(result: Any, expected: Any) -> bool:
    """Equal, of the same kind; numbers to one part in a million, so that rounding does no harm.

    Tensors to one part in ten thousand of the largest number: kernels add up in different orders.
    """
    if isinstance(result, Tensor) and isinstance(expected, Tensor):
        if result.shape != expected.shape or not expected.numel():
            return result.shape == expected.shape
        off = (result.double() - expected.double()).abs()
        close = off <= 1e-4 * expected.double().nan_to_num().abs().max()
        return bool((close | (result.isnan() & expected.isnan())).all())
    if isinstance(result, tuple) and isinstance(expected, tuple) and len(result) == len(expected):
        return all(map(same, map(plain, result), map(plain, expected)))
    if is_number(result, expected):
        if isinstance(expected, int):
            return bool(result == expected)
        return math.isclose(result, expected, rel_tol=1e-6)
    try:
        return isinstance(result, type(expected)) and bool(result == expected)
    except Exception:
        return False


def show(value: Any) -> str:
    """A value as a message shows it: thousands separated, long texts cut, tensors by shape."""
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    if is_number(value):
        return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
