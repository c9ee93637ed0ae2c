"""Figures of lesson 4: loss against cache and bits, the roofline, requests in a server."""

import base64
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from openllms.inference.batching import Run
from openllms.plots.style import BLUE, CARD, GREY, INK, PALETTE, Picture, figure, show

MARKERS = ("o", "s", "^", "D", "v", "P", "X")  # so that series differ without colour too


def curves(
    series: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    title: str,
    x: str,
    y: str,
    *,
    log_x: bool = False,
    log_y: bool = False,
) -> Picture:
    """Draw several series of points, joined by lines.

    Args:
        series: name -> numbers on the horizontal axis, numbers on the vertical one.
        title: stands above the figure.
        x: label of the horizontal axis, with its unit.
        y: label of the vertical axis, with its unit.
        log_x: use a logarithmic scale.
        log_y: use a logarithmic scale.
    """
    chart, axes = figure(title, x=x, y=y)
    for place, (name, (across, up)) in enumerate(series.items()):
        axes.plot(across, up, color=PALETTE[place], marker=MARKERS[place], label=name)
    ticks = sorted({number for across, _ in series.values() for number in across})
    if log_x:
        axes.set_xscale("log")
    if log_y:
        axes.set_yscale("log")
    if len(ticks) <= 12:
        axes.set_xticks(ticks, [f"{tick:,.4g}" for tick in ticks])
        axes.minorticks_off()
    axes.legend()
    said = "; ".join(
        f"{name}: " + ", ".join(f"{b:,.3g} at {a:,.4g}" for a, b in zip(across, up, strict=True))
        for name, (across, up) in series.items()
    )
    return show(chart, f"{title}. {y}, by {x}. {said}.")


def roofline(
    points: Mapping[str, tuple[float, float]], peak: float, bandwidth: float, title: str
) -> Picture:
    """Operations a second over arithmetic intensity, under the roof of a machine.

    Args:
        points: name -> intensity (operations a byte), measured operations a second.
        peak: the most operations a second.
        bandwidth: bytes a second.
        title: stands above the figure.
    """
    x = "arithmetic intensity, operations a byte"
    chart, axes = figure(title, x=x, y="operations a second, billions")
    edge = peak / bandwidth
    reach = [*(at for at, _ in points.values()), edge]
    across = np.geomspace(min(reach) / 2, max(reach) * 2, 100)
    roof = np.minimum(peak, across * bandwidth)
    axes.plot(across, roof / 1e9, color=GREY, label="roof: bandwidth, then peak")
    for place, (name, (at, speed)) in enumerate(points.items()):
        mark = MARKERS[place % len(MARKERS)]
        axes.plot(at, speed / 1e9, mark, color=BLUE, markersize=8)
        axes.annotate(f"  {name}", (at, speed / 1e9), color=INK, va="top")
    axes.axvline(edge, color=GREY, linewidth=1, linestyle=":")
    axes.set(xscale="log", yscale="log")
    axes.legend(loc="upper left")
    said = "; ".join(
        f"{name}: {speed / 1e9:.3g} billion a second at {at:.3g} operations a byte"
        for name, (at, speed) in points.items()
    )
    return show(chart, f"{title}. The roof bends at {edge:.3g} operations a byte. {said}.")


@dataclass(frozen=True)
class Motion:
    """A moving picture: an SVG file that carries its motion, and the text alternative.

    It plays once. Whoever asked the system for less motion sees the last picture at once.
    """

    svg: str
    alt: str
    width: int

    @property
    def html(self) -> str:
        """An `<img>` that carries its own bytes: nothing is loaded from elsewhere."""
        data = base64.b64encode(self.svg.encode()).decode("ascii")
        return (
            f'<img src="data:image/svg+xml;base64,{data}" alt="{html.escape(self.alt)}" '
            f'width="{self.width}" style="max-width: 100%; border-radius: 6px">'
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": self.alt}


WIDTH, LEFT, ROW, SECONDS = 648, 70, 22, 5  # pixels; how long the motion takes
_TINTS = ("#A9D3F0", "#F6C28B", "#A8DDC9", "#F3E79B", "#E9C3DA", "#D5D5D5", "#F2AE9B", "#C9C4F0")
_MOTION = (
    ".veil{transform-origin:right;transform:scaleX(0);"
    f"animation:open {SECONDS}s linear}}"
    "@keyframes open{from{transform:scaleX(1)}to{transform:scaleX(0)}}"
    "@media (prefers-reduced-motion:reduce){.veil{animation:none}}"
)


def slots_in_time(runs: Mapping[str, Run], slots: int, title: str) -> Motion:
    """Requests in a server, slot by slot, as time goes on.

    Args:
        runs: policy -> its simulation.
        slots: how many slots the server has.
        title: stands above the picture.
    """
    end = max(one.tokens[-1] for run in runs.values() for one in run.served)
    scale = (WIDTH - LEFT - 14) / end
    parts = [_text(14, 22, title, "bold")]
    names: list[str] = []
    top = 34
    for name, run in runs.items():
        names.append(_text(14, top + 16, name))
        top += 24
        for slot in range(slots):
            y = top + slot * ROW
            parts.append(_text(14, y + 15, f"slot {slot + 1}", "small"))
            parts.append(_box(LEFT, y, end * scale, "#EDEDE8"))
        for number, one in enumerate(run.served, start=1):
            y, x = top + one.slot * ROW, LEFT + one.start * scale
            width = (one.tokens[-1] - one.start) * scale
            parts.append(_box(x, y, width, _TINTS[number % len(_TINTS)], "#6B6B6B"))
            parts.append(_text(x + 3, y + 15, str(number), "small"))
        top += slots * ROW + 8
    veil = f'<rect class="veil" x="{LEFT}" y="56" width="{WIDTH - LEFT}" height="{top - 56}"/>'
    parts.append(veil.replace('"/>', f'" fill="{CARD}"/>'))
    parts += names  # after the veil, which would hide the end of a long name
    for second in np.linspace(0, end, 5):
        parts.append(_text(LEFT + second * scale, top + 14, f"{second:.0f} s", "small time"))
    look = (
        f'text{{font:14px "DejaVu Sans",sans-serif;fill:{INK}}}.small{{font-size:11px}}'
        f".bold{{font-weight:bold}}.time{{text-anchor:end}}{_MOTION}"
    )
    height = top + 24
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}"><style>{look}</style>'
        f'<rect width="{WIDTH}" height="{height}" fill="{CARD}"/>{"".join(parts)}</svg>'
    )
    said = "; ".join(
        f"{name}: {len(run.served)} requests in {run.served and run.seconds:.0f} seconds, "
        f"{run.useful:.0%} of the slots write something"
        for name, run in runs.items()
    )
    return Motion(svg, f"{title}. Bars of requests in {slots} slots over time. {said}.", WIDTH)


def _text(x: float, y: float, words: str, look: str = "") -> str:
    return f'<text class="{look}" x="{x:.1f}" y="{y:.1f}">{html.escape(words)}</text>'


def _box(x: float, y: float, width: float, fill: str, line: str = "none") -> str:
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{ROW - 4}" rx="2" '
        f'fill="{fill}" stroke="{line}"/>'
    )
