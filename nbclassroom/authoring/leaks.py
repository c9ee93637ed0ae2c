"""What must stay with the instructor (solutions, hidden tests, schemes) and where it leaks."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions
from traitlets.config import Config

# A shorter line ("return x", "total = 0") may stand anywhere by chance and tells nothing.
SHORTEST_SECRET = 12


@dataclass(frozen=True)
class Markers:
    """The begin and end delimiters that the course uses for each kind of region."""

    solution: tuple[str, str]
    hidden: tuple[str, str]
    scheme: tuple[str, str]

    @classmethod
    def of(cls, config: Config) -> "Markers":
        """The delimiters set in `config`, or nbgrader's own."""
        solution = ClearSolutions(config=config)
        hidden = ClearHiddenTests(config=config)
        scheme = ClearMarkScheme(config=config)
        return cls(
            (solution.begin_solution_delimeter, solution.end_solution_delimeter),
            (hidden.begin_test_delimeter, hidden.end_test_delimeter),
            (scheme.begin_mark_scheme_delimeter, scheme.end_mark_scheme_delimeter),
        )


def split(text: str, markers: tuple[str, str]) -> tuple[str, str]:
    """Divide `text` into what stands outside and inside the regions; delimiter lines are dropped.

    A region without an end reaches to the end of the text.
    """
    begin, end = markers
    outside: list[str] = []
    inside: list[str] = []
    is_inside = False
    for line in text.split("\n"):
        if begin in line:
            is_inside = True
        elif end in line:
            is_inside = False
        else:
            (inside if is_inside else outside).append(line)
    return "\n".join(outside), "\n".join(inside)


def squeeze(text: str) -> str:
    """Letters and digits alone, so that escapes, markup and spacing do not hide a copy."""
    return re.sub(r"[\W_]+", "", text)


@dataclass(frozen=True)
class Secret:
    """A line that must not reach a student, and the cell it comes from."""

    line: str
    cell: str
    kind: str


def name_of(cell: NotebookNode) -> str:
    """The cell's nbgrader id, or else its notebook id."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id", "?"))


def secrets(notebook: NotebookNode, markers: Markers, *, solutions: bool = True) -> list[Secret]:
    """Lines of `notebook` that a student must not see and that stand nowhere in its public part.

    Args:
        notebook: The instructor's source.
        markers: The course's delimiters.
        solutions: Whether worked answers are secret too (they are not once they are published).
    """
    found: list[Secret] = []
    public: list[str] = []
    for cell in notebook.cells:
        text = cell.source
        for kind, pair in (("hidden test", markers.hidden), ("marking scheme", markers.scheme)):
            text, inside = split(text, pair)
            found += [Secret(line, name_of(cell), kind) for line in inside.split("\n")]
        outside, inside = split(text, markers.solution)
        if utils.is_solution(cell) and not inside:
            outside, inside = "", text
        if solutions:
            found += [Secret(line, name_of(cell), "solution") for line in inside.split("\n")]
            public.append(outside)
        else:
            public += [outside, inside]
    known = squeeze("\n".join(public))
    return [
        secret
        for secret in found
        if len(squeeze(secret.line)) >= SHORTEST_SECRET and squeeze(secret.line) not in known
    ]


def found_in(text: str, kept: list[Secret]) -> list[Secret]:
    """Those of `kept` whose line stands in `text`, however it is spaced, quoted or escaped."""
    squeezed = squeeze(text)
    return [secret for secret in kept if squeeze(secret.line) in squeezed]


def text_of(path: Path) -> str:
    """All the text of a file; a notebook's strings come without JSON's escapes."""
    raw = path.read_bytes().decode("utf-8", errors="replace")
    if path.suffix != ".ipynb":
        return raw
    return "\n".join(strings(json.loads(raw)))


def strings(value: Any) -> Iterator[str]:
    """Every text in a JSON-like value; a list of lines counts as one text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        yield "".join(value)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
