"""Which assertion messages are the instructor's own words, and so may be shown to a student.

The message of a failed hidden test is what feedback keeps of it. But an `AssertionError` can also
be raised by the student's code, with a hidden input as its message, or by a library, with the
expected value in it. Only a message that was written down in a test is shown: it must be made of
the fixed texts of an `assert` statement's literal or f-string, with values between them.

A test that crashes has no message. A comment line `# case: the service is free` names in words what
the lines after it look at; the last one before the line that crashed is shown.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager

# A shape with fewer fixed characters ("{x}") would let any text through.
FIXED = 8
# A key of a dict in a test with fewer words may be a value and no label.
LABEL_WORDS = 3
# No message that a test makes is longer; a longer one is not looked at.
LONGEST = 10_000
_CASE = re.compile(r"[ \t]*#[ \t]*case:[ \t]*([^\n]+)")


@dataclass(frozen=True)
class Shape:
    """What a message looks like: fixed texts, with a value between each and the next."""

    fixed: tuple[str, ...]

    def values(self, message: str) -> list[str] | None:
        """The values in a message of this shape; None where it has another one.

        Fixed texts are looked for from left to right, once: its time grows with the message.
        """
        first, last = self.fixed[0], self.fixed[-1]
        if len(self.fixed) == 1:
            return [] if message == first else None
        end = len(message) - len(last)
        if len(message) > LONGEST or not message.startswith(first) or not message.endswith(last):
            return None
        found, place = [], len(first)
        for text in self.fixed[1:-1]:
            there = message.find(text, place, end)
            if there < 0:
                return None
            found.append(message[place:there])
            place = there + len(text)
        return [*found, message[place:end]] if place <= end else None


@dataclass(frozen=True)
class Words:
    """The instructor's words in test cells.

    Attributes:
        shapes: of all messages.
        labels: keys of dicts in test cells that are words, which messages name cases with.
    """

    shapes: tuple[Shape, ...]
    labels: frozenset[str]

    @classmethod
    def of(cls, sources: Iterable[str]) -> Words:
        """The words that stand in the instructor's code cells."""
        shapes: list[Shape] = []
        found: set[str] = set()
        for source in sources:
            try:
                tree = parse(source)
            except SyntaxError:
                continue  # not Python: another kernel's language, whose messages are not shown
            parts = [made for message in messages(tree) if (made := literals(message))]
            shapes += [shape for fixed in parts if (shape := shape_of(fixed))]
            found.update(labels(tree))
        return cls(tuple(shapes), frozenset(found))

    def values(self, message: str) -> list[str] | None:
        """The values in a message that the instructor wrote down, without labels; else None."""
        for shape in self.shapes:
            if (values := shape.values(message)) is not None:
                return [value for value in values if value not in self.labels]
        return None


def parse(source: str) -> ast.Module:
    """The syntax tree of a code cell; lines that are IPython's own (`%`, `!`) are translated.

    Raises:
        SyntaxError: The cell is not Python.
    """
    return ast.parse(TransformerManager().transform_cell(source))


def messages(tree: ast.AST) -> list[ast.expr]:
    """The message expressions of every `assert` and `raise AssertionError(...)` in `tree`."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and node.msg:
            found.append(node.msg)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            raised = node.exc.func
            if isinstance(raised, ast.Name) and raised.id == "AssertionError":
                found.append(node.exc.args[0])
    return found


def labels(tree: ast.AST) -> Iterator[str]:
    """Keys of the dicts in `tree` that are several words."""
    for node in ast.walk(tree):
        for key in node.keys if isinstance(node, ast.Dict) else ():
            text = key.value if isinstance(key, ast.Constant) else None
            if isinstance(text, str) and len(text.split()) >= LABEL_WORDS:
                yield text


def literals(message: ast.expr) -> list[str] | None:
    """The fixed texts of a message, in order; values stand between them.

    Returns:
        For `f"got {x}, not {y}"` `["got ", ", not ", ""]`; None where the text cannot be told from
        the source, such as a variable.
    """
    if isinstance(message, ast.Constant) and isinstance(message.value, str):
        return [message.value]
    if isinstance(message, ast.JoinedStr):
        parts = [""]
        for value in message.values:
            if isinstance(value, ast.Constant):
                parts[-1] += str(value.value)
            else:
                parts.append("")
        return parts
    if isinstance(message, ast.BinOp) and isinstance(message.op, ast.Add):
        left, right = literals(message.left), literals(message.right)
        if left is not None and right is not None:
            return [*left[:-1], left[-1] + right[0], *right[1:]]
    return None


def shape_of(fixed: list[str]) -> Shape | None:
    """The shape with these fixed texts; None where too little of it is fixed."""
    enough = len("".join("".join(fixed).split())) >= FIXED
    return Shape(tuple(fixed)) if enough else None


def case(source: str, line: int) -> str:
    """What the last `# case:` comment above a line (from 1) of a test cell says, or nothing."""
    lines = source.split("\n")[: max(line - 1, 0)]
    found = [match[1].strip() for text in lines if (match := _CASE.match(text))]
    return found[-1] if found else ""
