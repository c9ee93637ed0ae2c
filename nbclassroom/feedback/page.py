"""The feedback page: one file that opens anywhere, runs nothing and loads nothing."""

from __future__ import annotations

import base64
import binascii
import contextlib
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, Template
from markupsafe import Markup
from nbformat import NotebookNode
from nbgrader import utils
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from . import markdown
from .questions import Part, Question, heading, questions

#: Kinds of output that the page can show without running a script, the best first.
PRIORITY = (
    "text/html", "text/markdown", "text/latex", "image/svg+xml", "image/png", "image/jpeg",
    "text/plain",
)  # fmt: skip
LONGEST_TEXT = 200_000
LONGEST_OUTPUT = 20_000
LONGEST_COLOURED = 20_000
TOO_LARGE = Markup("<p><em>[This is too large to show here; it is in what you handed in.]</em></p>")
_ESCAPES = re.compile(r"\x1b\[[0-9;]{0,32}[A-Za-z]")


@dataclass(frozen=True)
class Heading:
    """What stands above the questions.

    Attributes:
        score: points so far, a late penalty taken off.
        late_penalty: points.
    """

    title: str
    student: str
    score: float
    max_score: float
    late_penalty: float = 0.0


def draw(nb: NotebookNode, top: Heading, folder: str | None, brief: bool = False) -> str:
    """The page as HTML.

    Args:
        nb: graded, and without what the student may not see.
        top: what stands above.
        folder: what the student handed in; pictures are taken from there.
        brief: leave out all that the student wrote and printed.
    """
    language = nb.metadata.get("language_info", {}).get("name", "python")
    drawn = _Cells(language, Path(folder) if folder else None, brief)
    found = questions(nb)
    waiting = sum(part.max_score for question in found for part in question.parts
                  if part.mark == "waiting")  # fmt: skip
    return _template().render(
        top=top,
        waiting=waiting,
        brief=brief,
        sections=[_section(question, nb, drawn) for question in found],
    )


def _section(question: Question, nb: NotebookNode, drawn: _Cells) -> dict[str, Any]:
    """What the template needs of a question."""
    parts: dict[int, Part] = {part.cell: part for part in question.parts}
    cells = [
        drawn.cell(number, nb.cells[number], parts.get(number), first=place == 0)
        for place, number in enumerate(question.cells)
    ]
    comments = [cell["comment"] for cell in cells if cell["comment"]]
    return {"question": question, "cells": cells, "comments": comments}


class _Cells:
    """Turns cells into what the template shows of them."""

    def __init__(self, language: str, folder: Path | None, brief: bool) -> None:
        self._language, self._folder, self._brief = language, folder, brief
        self._pictures = markdown.Pictures()

    def cell(
        self, number: int, cell: NotebookNode, part: Part | None, *, first: bool
    ) -> dict[str, Any]:
        """One cell; the heading that its section shows already is left out of it."""
        ours = cell.metadata.get("nbgrader", {})
        locked = utils.is_locked(cell) or utils.is_task(cell)
        source = cell.source
        if first and heading(cell):
            source = source.partition("\n")[2]
        comment = str(ours.get("comment") or "")
        return {
            "number": number,
            "part": part,
            "role": "theirs" if locked else "own",
            "html": self._source(cell, source.strip("\n"), locked),
            "outputs": [] if self._brief else self._outputs(cell),
            "comment": self._text(comment, {}) if comment else "",
        }

    def _source(self, cell: NotebookNode, source: str, locked: bool) -> Markup:
        if not source.strip():
            return Markup("")
        if len(source) > LONGEST_TEXT or (self._brief and not locked):
            return TOO_LARGE
        if cell.cell_type == "markdown":
            return self._text(source, cell.get("attachments", {}))
        return code(source, self._language if cell.cell_type == "code" else "text")

    def _text(self, source: str, attachments: dict[str, Any]) -> Markup:
        html = markdown.to_html(source, attachments, self._folder, self._pictures)
        return Markup(html)  # noqa: S704 - sanitised

    def _outputs(self, cell: NotebookNode) -> list[Markup]:
        return [html for output in cell.get("outputs", []) if (html := self._output(output))]

    def _output(self, output: NotebookNode) -> Markup:
        if output.output_type == "stream":
            return plain(output.text)
        if output.output_type == "error":
            return plain("\n".join(output.traceback), kind="error")
        data = output.get("data", {})
        kind = next((kind for kind in PRIORITY if kind in data), "")
        value = data.get(kind)
        if not isinstance(value, str):
            return Markup("")
        if kind.startswith("image/"):
            return self._picture(kind, value, output.get("metadata", {}))
        if kind == "text/plain":
            return plain(value)
        if len(value) > LONGEST_TEXT:
            return TOO_LARGE
        if kind == "text/html":
            return Markup(markdown.sanitize(value))  # noqa: S704 - sanitised
        return self._text(value, {})

    def _picture(self, kind: str, value: str, metadata: dict[str, Any]) -> Markup:
        if kind == "image/svg+xml":
            value = base64.b64encode(value.encode("utf-8", "replace")).decode()
        try:
            data = base64.b64encode(base64.b64decode(value)).decode()
        except (binascii.Error, ValueError):
            return plain("[a picture that cannot be read]")
        address = f"data:{kind};base64,{data}"
        if not self._pictures.take(address):
            return TOO_LARGE
        shown = metadata.get(kind)
        text = shown.get("alt") if isinstance(shown, dict) else None
        alt = text if isinstance(text, str) else "a picture that the cell drew"
        return Markup('<img src="{}" alt="{}">').format(address, alt[:2000])


def plain(text: str, kind: str = "text") -> Markup:
    """Printed text as it is, without terminal codes, cut where it is long."""
    cut = len(text) - LONGEST_OUTPUT
    text = _ESCAPES.sub("", text[:LONGEST_OUTPUT])
    rest = Markup("<em>... {} more characters</em>").format(f"{cut:,}") if cut > 0 else ""
    return Markup('<pre class="{}" tabindex="0">{}</pre>{}').format(kind, text, rest)


def code(source: str, language: str) -> Markup:
    """Source in colours; in plain text where it is long or the language unknown."""
    html = escape(source)
    if len(source) <= LONGEST_COLOURED:
        with contextlib.suppress(ClassNotFound):
            html = highlight(source, get_lexer_by_name(language), HtmlFormatter(nowrap=True))
    return Markup(f'<pre class="code" tabindex="0">{html}</pre>')  # noqa: S704 - escaped


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("nbclassroom.feedback"), autoescape=True, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["points"] = lambda value: f"{value:.4g}"
    return environment.get_template("feedback.html.j2")
