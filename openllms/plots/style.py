"""One look for every figure: large type, few lines, colours that the colour-blind tell apart."""

import base64
import html
import io
from dataclasses import dataclass
from typing import Any, cast

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

# Okabe and Ito, "Color Universal Design" (2008): distinct for all common kinds of colour blindness.
BLUE, VERMILION, GREEN, ORANGE = "#0072B2", "#D55E00", "#009E73", "#E69F00"
SKY, PINK, YELLOW, GREY = "#56B4E9", "#CC79A7", "#F0E442", "#6B6B6B"
PALETTE = (BLUE, VERMILION, GREEN, ORANGE, SKY, PINK, YELLOW)

CARD, INK = "#FCFCFA", "#1F1F1F"
DOTS_PER_INCH = 144  # drawn at twice the size it is shown at, so that it is sharp on dense screens
SHOWN_PER_INCH = 72

STYLE: dict[str, Any] = {
    "axes.edgecolor": GREY,
    "axes.facecolor": CARD,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 11,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 13,
    "axes.titleweight": "bold",
    "figure.facecolor": CARD,
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same picture on every machine
    "font.size": 11,
    "grid.color": "#E3E3DE",
    "legend.frameon": False,
    "lines.linewidth": 2.2,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


@dataclass(frozen=True)
class Picture:
    """A finished figure: PNG bytes, the text alternative, the width it is shown at in pixels."""

    png: bytes
    alt: str
    width: int

    @property
    def html(self) -> str:
        """An `<img>` that carries its own bytes: nothing is loaded from elsewhere."""
        data = base64.b64encode(self.png).decode("ascii")
        return (
            f'<img src="data:image/png;base64,{data}" alt="{html.escape(self.alt)}" '
            f'width="{self.width}" style="max-width: 100%; border-radius: 6px">'
        )

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data = {"text/html": self.html, "image/png": self.png, "text/plain": self.alt}
        return data, {"image/png": {"alt": self.alt, "width": self.width}}


def figure(
    title: str, *, x: str, y: str, width: float = 9.0, height: float = 4.0
) -> tuple[Figure, Axes]:
    """An empty figure in the course's style.

    Args:
        title: what the reader should see; stands above the axes.
        x: label of the horizontal axis, with its unit.
        y: label of the vertical axis, with its unit.
        width: in inches; 9 fills a notebook column.
        height: in inches.
    """
    with rc_context(cast(Any, STYLE)):
        chart = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, layout="constrained")
        axes = chart.add_subplot()
        axes.set(title=title, xlabel=x, ylabel=y)
    return chart, axes


def show(chart: Figure, alt: str) -> Picture:
    """Turn a figure into a picture with a text alternative; make it the last line of a cell.

    Args:
        chart: what `figure` returned, drawn on.
        alt: what a reader who cannot see the figure needs to know: the finding, not only the kind
            of figure; at least 40 characters.

    Raises:
        ValueError: the text alternative is too short, or axes lack their title or a label.
    """
    if len(alt) < 40:
        raise ValueError(f"say in the text alternative what the figure shows (now: {alt!r})")
    for axes in chart.axes:
        if axes.get_label() == "<colorbar>":
            continue
        if not (axes.get_title(loc="left") or axes.get_title()):
            raise ValueError("give the axes a title")
        if not (axes.get_xlabel() and axes.get_ylabel()):
            raise ValueError(f"label both axes of {axes.get_title(loc='left')!r}, with their units")
    target = io.BytesIO()
    with rc_context(cast(Any, STYLE)):
        chart.savefig(target, format="png", metadata={"Software": None})
    width = round(chart.get_size_inches()[0] * SHOWN_PER_INCH)
    return Picture(target.getvalue(), alt, width)
