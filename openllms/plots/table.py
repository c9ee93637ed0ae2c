"""A table as a reader wants it: numbers with separators, text on the left, nothing cut off."""

import datetime
import html
import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

_LOOK = """
.course-table {overflow-x: auto; max-width: 100%}
.course-table caption {text-align: left; font-weight: bold; padding: 4px 0}
.course-table table th, .course-table table td {padding: 3px 7px; vertical-align: top}
.course-table table .number {text-align: right}
.course-table table .text {text-align: left}
.course-table table .one-line {white-space: nowrap}
.course-table table thead .one-line {white-space: normal}
"""
WIDE = 40  # letters; longer texts wrap
PLAIN = "{:,.3g}"
EXACT = 2**53  # above it a float no longer holds every whole number


@dataclass(frozen=True)
class Table:
    """A finished table: HTML, and the same as plain text."""

    html: str
    text: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": self.text}


def table(
    data: pd.DataFrame | pd.Series,
    caption: str,
    form: str | Mapping[Any, str] = PLAIN,
    missing: str = "not known",
) -> Table:
    """Show a table; make it the last line of a cell.

    Columns of text stand on the left, numbers on the right; whole numbers have separators, and so
    have others from a thousand on, without their fraction. Heads of columns wrap before anything
    scrolls; a table that is still wider than the page scrolls, with the keyboard too.

    Args:
        data: what to show; a series is one column of its name.
        caption: stands above, and is what a screen reader announces.
        form: how numbers that are not whole are written: one format, or one for each column (for
            these columns it holds for whole numbers too).
        missing: stands where there is no value.
    """
    frame = data.to_frame() if isinstance(data, pd.Series) else data
    levels = frame.index.nlevels
    names = [name or "" for name in frame.index.names]
    corner = "".join(
        f'<th class="text" scope="col">{html.escape(str(n))}</th>' if n else "<td></td>"
        for n in names
    )
    forms = form if isinstance(form, Mapping) else {}
    cells = {
        place: [_written(value, forms.get(name, form), missing) for value in frame.iloc[:, place]]
        for place, name in enumerate(frame.columns)
    }
    looks = [_look(frame.iloc[:, place], cells[place]) for place in cells]
    heads = "".join(
        f'<th scope="col"{look}>{html.escape(_said(name))}</th>'
        for name, look in zip(frame.columns, looks, strict=True)
    )
    rows = []
    for number, key in enumerate(frame.index):
        keys = key if levels > 1 else (key,)
        head = "".join(
            f'<th class="{_classes(True, [str(k)])}" scope="row">{html.escape(str(k))}</th>'
            for k in keys
        )
        body = "".join(
            f"<td{look}>{_breakable(cells[place][number])}</td>" for place, look in enumerate(looks)
        )
        rows.append(f"<tr>{head}{body}</tr>")
    label = html.escape(caption)
    shown = (
        f'<div class="course-table" role="region" tabindex="0" aria-label="{label}"'
        ' data-lm-suppress-shortcuts="true">'  # else JupyterLab takes the arrow keys for itself
        f"<style>{_LOOK}</style><table><caption>{label}</caption>"
        f"<thead><tr>{corner}{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )
    plain = pd.DataFrame(cells, index=frame.index)
    plain.columns = pd.Index([_said(name) for name in frame.columns])
    return Table(shown, f"{caption}\n{plain.to_string()}")


def _breakable(words: str) -> str:
    """A cell's text; an address may break after each slash, else it squeezes its neighbours."""
    shown = html.escape(words)
    return shown.replace("/", "/<wbr>") if len(words) > WIDE else shown


def _said(name: Any) -> str:
    """The head of a column; those of two levels in one line."""
    return ", ".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _written(value: Any, form: str | Mapping[Any, str], missing: str) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:  # nan is not itself
        return missing
    if isinstance(value, datetime.date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool | str) or not isinstance(value, numbers.Number):
        return str(value)
    chosen = form if isinstance(form, str) else PLAIN
    number = float(value)  # type: ignore[arg-type]
    whole = number.is_integer() or abs(number) >= 999.5  # 999.6 has three digits as 1,000
    as_whole = chosen == PLAIN and whole and abs(number) < EXACT
    return f"{value:,.0f}" if as_whole else chosen.format(value)


def _look(column: pd.Series, written: list[str]) -> str:
    """The class of a column's cells, as an attribute."""
    values = column.dropna()
    text = not all(isinstance(v, numbers.Number) and not isinstance(v, bool) for v in values)
    return f' class="{_classes(text, written)}"'


def _classes(text: bool, written: list[str]) -> str:
    """Text or number, and whether short enough not to wrap."""
    side = "text" if text else "number"
    return f"{side} one-line" if max(map(len, written), default=0) <= WIDE else side
