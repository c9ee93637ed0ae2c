"""Drawings of mechanisms: SVG files beside this module, since their words are for translators."""

import html
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

from openllms.plots.style import BLUE, CARD, GREEN, GREY, INK, ORANGE, VERMILION

_SVG = "{http://www.w3.org/2000/svg}"
# What the files' classes look like. A drawing stands on a light card, as figures do.
_LOOK = f"""
.drawing {{background: {CARD}; border-radius: 6px; max-width: 100%; height: auto}}
.drawing text {{font: 14px "DejaVu Sans", sans-serif; fill: {INK}; text-anchor: middle}}
.drawing text.left {{text-anchor: start}}
.drawing text.small {{font-size: 12px}}
.drawing text.bold {{font-weight: bold}}
.drawing text.light {{fill: {CARD}}}
.drawing rect, .drawing circle, .drawing polygon {{fill: #FFFFFF; stroke: {INK}; stroke-width: 1.5}}
.drawing path, .drawing line {{fill: none; stroke: {INK}; stroke-width: 1.8}}
.drawing .arrow {{marker-end: url(#arrow)}}
.drawing .blue {{stroke: {BLUE}}}
.drawing .vermilion {{stroke: {VERMILION}}}
.drawing .green {{stroke: {GREEN}}}
.drawing .grey {{stroke: {GREY}}}
.drawing .fill-blue {{fill: #CFE5F3}}
.drawing .fill-vermilion {{fill: #F7DDCB}}
.drawing .fill-green {{fill: #CDEBE1}}
.drawing .fill-orange {{fill: #F9E6BF; stroke: {ORANGE}}}
.drawing .fill-grey {{fill: #E6E6E1}}
.drawing .dashed {{stroke-dasharray: 5 4}}
.drawing .thick {{stroke-width: 4}}
.drawing .arrowhead {{fill: {INK}; stroke: none}}
"""
_ARROW = (
    '<marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
    'orient="auto-start-reverse"><path class="arrowhead" d="M0 0L10 5L0 10z"/></marker>'
)


@dataclass(frozen=True)
class Drawing:
    """A drawing as an inline `<svg>`, with what it shows in words."""

    html: str
    alt: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": self.alt}


def drawing(name: str) -> Drawing:
    """A drawing of `openllms/plots/drawings`, on a card that reads in light and dark themes.

    A file is a plain `<svg viewBox=... width=...>` with a `<title>` and a `<desc>` that says in
    words what is to be seen. Its shapes use the classes above (`arrow`, `fill-blue`, `small`, ...)
    and no style of their own.

    Raises:
        KeyError: there is no such drawing; the message says which there are.
    """
    folder = files(__name__.rpartition(".")[0]).joinpath("drawings")
    names = sorted(file.name.removesuffix(".svg") for file in folder.iterdir())
    if name not in names:
        raise KeyError(f"no drawing {name!r}; there are: {', '.join(names)}")
    text = folder.joinpath(f"{name}.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)  # noqa: S314 - a file of the kit
    alt = " ".join(f"{root.findtext(f'{_SVG}title')}: {root.findtext(f'{_SVG}desc')}".split())
    label = html.escape(alt)
    inside = text[text.index("</desc>") + len("</desc>") :]
    look = f"<style>{_LOOK}</style>{_ARROW}".replace("#arrow)", f"#{name}-arrow)")
    look = look.replace('id="arrow"', f'id="{name}-arrow"')
    box, width = root.attrib["viewBox"], root.attrib["width"]
    head = f'<svg class="drawing" role="img" aria-label="{label}" viewBox="{box}" width="{width}">'
    return Drawing(f"{head}{look}{inside}", alt)
