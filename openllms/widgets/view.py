"""What all widgets share: a live part with a static part beside it, and the way feedback looks."""

import html
import re
from dataclasses import dataclass

import ipywidgets
from IPython.display import HTML, display

# Okabe-Ito green, vermilion and grey: told apart by colour-blind readers; a word says it too.
_MARKS = {True: ("#009E73", "Right."), False: ("#D55E00", "Not quite."), None: ("#8C8C8C", "")}
_MARKUP = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<b>\1</b>"),
    (re.compile(r"(?<!\*)\*([^*]+)\*(?!\*)"), r"<em>\1</em>"),
)
_DOLLAR = "<span>$</span>"  # notebooks typeset what stands between two bare ones as a formula
FULL_WIDTH = ipywidgets.Layout(width="100%")


def inline(text: str) -> str:
    """HTML of a plain text in which `code`, **bold** and *emphasis* may stand; all else escaped."""
    marked = html.escape(text, quote=False).replace("$", _DOLLAR)
    for pattern, replacement in _MARKUP:
        marked = pattern.sub(replacement, marked)
    return marked


def note(body: str, right: bool | None = None) -> str:
    """HTML of one feedback: a coloured bar and, where `right` is known, the word for it.

    Args:
        body: HTML; pass texts through `inline` first.
        right: whether the answer was right; None where that is not the question.
    """
    colour, word = _MARKS[right]
    lead = f"<b>{word}</b> " if word else ""
    return (
        f'<div role="status" style="border-left: 4px solid {colour}; padding: 2px 0 2px 10px; '
        f'margin: 4px 0; line-height: 1.45; max-width: 60em">{lead}{body}</div>'
    )


def folded(summary: str, body: str) -> str:
    """HTML of a part that opens on a click, without a kernel and without JavaScript."""
    return f"<details><summary>{summary}</summary>{body}</details>"


def paragraph(body: str) -> str:
    """HTML of a text at a line height that reads well; widgets' own is made for one-liners."""
    return f'<div style="line-height: 1.45; max-width: 60em">{body}</div>'


def text_block(body: str) -> ipywidgets.HTML:
    """A block of HTML inside a widget that wraps instead of running out of the page."""
    return ipywidgets.HTML(body, layout=FULL_WIDTH)


@dataclass(frozen=True, eq=False)
class View:
    """A widget and the static HTML that says the same; displayed one above the other."""

    widget: ipywidgets.Widget
    static: str

    def _ipython_display_(self) -> None:
        display(self.widget)
        if self.static:
            display(HTML(self.static))
