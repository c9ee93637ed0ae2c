"""Which assertion messages are the instructor's own words, and so may be shown to a student.

The message of a failed hidden test is what feedback keeps of it. But an `AssertionError` can also
be raised by the student's code, with a hidden input as its message, or by a library, with the
expected value in it. Only a message that was written down in a test is shown: it must match the
literal or f-string of an `assert` statement, of which the test's values fill the gaps.
"""

import ast
import re
from collections.abc import Iterable

from IPython.core.inputtransformer2 import TransformerManager

# A pattern with fewer fixed characters ("{x}") would let any text through.
FIXED = 8


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


def pattern(parts: list[str]) -> re.Pattern[str] | None:
    """What a message with these fixed texts looks like; None where too little of it is fixed.

    Its groups are the values between the fixed texts.
    """
    if len("".join("".join(parts).split())) < FIXED:
        return None
    return re.compile("(.*)".join(re.escape(part) for part in parts), re.DOTALL)


def patterns(sources: Iterable[str]) -> list[re.Pattern[str]]:
    """The patterns of all messages that stand in the instructor's code cells."""
    found = []
    for source in sources:
        try:
            tree = parse(source)
        except SyntaxError:
            continue  # not Python: another kernel's language, whose messages are not shown
        for message in messages(tree):
            parts = literals(message)
            shape = pattern(parts) if parts is not None else None
            if shape is not None:
                found.append(shape)
    return found
