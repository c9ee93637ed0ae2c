"""What all widgets share: a live part with a static part beside it, and the way both look."""

import html
import re
from dataclasses import dataclass
from importlib.resources import files

import ipywidgets
from IPython.display import HTML, display

# Okabe-Ito green, vermilion and grey: told apart by colour-blind readers; a word says it too.
_MARKS = {True: ("#009E73", "Right."), False: ("#D55E00", "Not quite."), None: ("#8C8C8C", "")}
_MARKUP = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\*\*(?=\S)(?P<b>.+?)(?<=\S)\*\*"
    r"|(?<![\w*])\*(?=\S)(?P<em>[^*]+?)(?<=\S)\*(?![\w*])"
)
_FENCED = re.compile(r"^ *```[^\n`]*\n(.*?)(?:^ *```[ \t]*$\n?|\Z)", re.DOTALL | re.MULTILINE)
_DOLLAR = "<span>$</span>"  # notebooks typeset what stands between two bare ones as a formula
STYLE = f"<style>{files(__package__).joinpath('style.css').read_text(encoding='utf-8')}</style>"


def inline(text: str) -> str:
    """HTML of a plain text in which `code`, **bold** and *emphasis* may stand; all else escaped."""
    return _marked(html.escape(text, quote=False).replace("$", _DOLLAR))


def _marked(text: str) -> str:
    def element(match: re.Match[str]) -> str:
        name = match.lastgroup or ""
        body = match[name] if name == "code" else _marked(match[name])
        return f"<{name}>{body}</{name}>"

    return _MARKUP.sub(element, text)


def blocks(text: str) -> str:
    """HTML of a text as models write it: `inline` prose, and code between fences as it stands.

    A fence that is never closed, as in an answer that was cut off, reaches to the end.
    """
    parts, end = [], 0
    for fenced in _FENCED.finditer(text):
        parts += [_prose(text[end : fenced.start()]), f"<pre>{html.escape(fenced[1])}</pre>"]
        end = fenced.end()
    return "".join([*parts, _prose(text[end:])])


def _prose(text: str) -> str:
    return f'<div class="prose">{inline(text.strip())}</div>' if text.strip() else ""


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


def text_block(body: str, name: str = "") -> ipywidgets.HTML:
    """A block of HTML inside a widget that wraps; `name` is a class to find it by."""
    block = ipywidgets.HTML(body)
    if name:
        block.add_class(name)
    return block


def framed(name: str, *children: ipywidgets.Widget) -> ipywidgets.VBox:
    """A widget's parts, one below the other, in the style of all widgets (`style.css`).

    Args:
        name: the class that style sheet and browser tests find it by.
        children: its parts.
    """
    box = ipywidgets.VBox([text_block(STYLE, "openllms-style"), *children])
    box.add_class("openllms-widget")
    box.add_class(name)
    return box


@dataclass(frozen=True, eq=False)
class View:
    """A widget and the static HTML that says the same; displayed one above the other."""

    widget: ipywidgets.Widget
    static: str

    def _ipython_display_(self) -> None:
        display(self.widget)
        if self.static:
            display(HTML(STYLE + self.static))
