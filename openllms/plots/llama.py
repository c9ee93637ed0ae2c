"""Figures about one model: its next token, and where its parameters sit."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter

from openllms.plots.style import BLUE, GREY, INK, PALETTE, Picture, figure, show

HATCHES = ("", "//", "..", "xx", "\\\\")  # so that parts differ without colour too


def next_token_bars(
    tokens: Sequence[str],
    before: Sequence[float],
    after: Sequence[float] | None = None,
    title: str = "The next token.",
) -> Picture:
    """Probabilities of the top candidates; with `after`, also what a sampler makes of them.

    Args:
        tokens: the candidates as texts, the most probable first.
        before: their probabilities as the model gives them.
        after: their probabilities after temperature and top-p; a candidate that is out has 0.
        title: stands above the figure.
    """
    labels = [repr(token) for token in tokens]
    rows = np.arange(len(labels))
    chart, axes = figure(
        title, x="probability", y="candidate", width=8, height=1.2 + 0.36 * len(labels)
    )
    thickness = 0.8 if after is None else 0.4
    shift = 0 if after is None else thickness / 2
    axes.barh(rows - shift, before, height=thickness, color=GREY, label="the model")
    if after is not None:
        axes.barh(
            rows + shift, after, height=thickness, color=BLUE, hatch="//", edgecolor="white",
            label="after temperature and top-p",
        )  # fmt: skip
        axes.legend(loc="lower right")
    shown = before if after is None else after
    shares = [f"{value:.1%}" if value else "out" for value in shown]
    for row, share in enumerate(shares):
        longest = max(shown[row], before[row])
        axes.text(longest + 0.01, row + shift, share, va="center", fontsize=9, color=INK)
    axes.set_yticks(rows, labels)
    axes.set(xlim=(0, 1.12), ylim=(len(labels) - 0.4, -0.6))
    said = ", ".join(map(" ".join, zip(labels, shares, strict=True)))
    return show(chart, f"{title} Probability of each candidate: {said}.")


def parts_of_models(
    models: Mapping[str, Mapping[str, int]], title: str = "Where the parameters sit"
) -> Picture:
    """Shares of a model's parameters by part, one bar a model.

    Args:
        models: model -> part -> number of parameters, as in `anatomy.parameters(...).by_part`.
        title: stands above the figure.
    """
    parts = list(dict.fromkeys(part for by_part in models.values() for part in by_part))
    chart, axes = figure(
        title, x="share of all parameters", y="model", height=1.5 + 0.5 * len(models)
    )
    start = np.zeros(len(models))
    for place, part in enumerate(parts):
        share = np.array([by.get(part, 0) / sum(by.values()) for by in models.values()])
        axes.barh(
            list(models), share, left=start, height=0.7, color=PALETTE[place % len(PALETTE)],
            hatch=HATCHES[place % len(HATCHES)], edgecolor="white", label=part.replace("_", "-"),
        )  # fmt: skip
        for row, value in enumerate(share):
            if value > 0.05:
                axes.text(
                    start[row] + value / 2, row, f"{value:.0%}", ha="center", va="center",
                    fontsize=10, color=INK,
                    bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.85},
                )  # fmt: skip
        start += share
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=len(parts), fontsize=9)
    said = "; ".join(
        f"{name}: "
        + ", ".join(f"{part} {count / sum(by.values()):.1%}" for part, count in by.items())
        for name, by in models.items()
    )
    return show(chart, f"{title}. {said}.")


def timeline(table: pd.DataFrame, column: str, title: str, unit: str) -> Picture:
    """A column of the catalogue over the release date, on a logarithmic scale.

    Releases of one day with the same value are one point, labelled with all their names.

    Args:
        table: one row a release, its name as the index; needs `date` and the column.
        column: a numeric column, such as `training_tokens`.
        title: stands above the figure.
        unit: of the values.
    """
    known = table[["date", column]].dropna()
    points = known.reset_index(names="name").groupby(["date", column], sort=True).name.agg(list)
    chart, axes = figure(title, x="date of release", y=f"{unit} (logarithmic scale)", height=4.8)
    dates = [date for date, _ in points.index]
    values = [float(value) for _, value in points.index]
    axes.plot(dates, values, "o", color=BLUE, markersize=8)
    for date, value, names in zip(dates, values, points, strict=True):
        axes.annotate(
            _common(names), (date, value), xytext=(7, 4), textcoords="offset points",
            rotation=52, rotation_mode="anchor", fontsize=9, color=INK,
        )  # fmt: skip
    axes.set_yscale("log")
    axes.margins(x=0.12, y=0.3)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: human(value)))
    said = "; ".join(
        f"{_common(names)} ({date:%B %Y}) {human(value)}"
        for date, value, names in zip(dates, values, points, strict=True)
    )
    return show(chart, f"{title}. {said}.")


def human(value: float) -> str:
    """A large number as people say it: 1.4T, 15T, 8.2k."""
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"


def _common(names: Sequence[str]) -> str:
    """Names of one family member in several sizes, said once: "Llama 2 7B, 13B"."""
    first, *others = names
    stem = first.rsplit(" ", 1)[0]
    return ", ".join([first, *(name.removeprefix(f"{stem} ") for name in others)])
