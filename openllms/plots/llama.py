"""Figures about one model: its next token, and where its parameters sit."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter

from openllms.plots.style import BLUE, GREY, INK, PALETTE, VERMILION, Picture, figure, show

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
    """A column of the catalogue, one row a release, in the order of their dates.

    Releases of one day with the same value are one row, with all their names.

    Args:
        table: one row a release, its name as the index; needs `date` and the column.
        column: a numeric column, such as `training_tokens`.
        title: stands above the figure.
        unit: of the values.
    """
    known = table[["date", column]].dropna()
    points = known.reset_index(names="name").groupby(["date", column], sort=True).name.agg(list)
    values = [float(value) for _, value in points.index]
    labels = [
        f"{_common(names)}, {date:%B %Y}"
        for (date, _), names in zip(points.index, points, strict=True)
    ]
    chart, axes = figure(
        title, x=f"{unit} (logarithmic scale)", y="release", height=1.3 + 0.36 * len(labels)
    )
    axes.plot(values, range(len(values)), "o", color=BLUE, markersize=9)
    for row, value in enumerate(values):
        axes.annotate(
            human(value), (value, row), xytext=(9, 0), textcoords="offset points", va="center",
            fontsize=10, color=INK,
        )  # fmt: skip
    axes.set_xscale("log")
    axes.margins(x=0.12)
    axes.set_yticks(range(len(labels)), labels, fontsize=10)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: human(value)))
    pairs = zip(labels, values, strict=True)
    said = "; ".join(f"{label}: {human(value)}" for label, value in pairs)
    return show(chart, f"{title}. {said}.")


def by_distance(scores: Any, starts: Sequence[int], reach: int = 48) -> Picture:
    """Scores of one vector against itself at other positions, from several starting points.

    Args:
        scores: (positions, positions) of a square tensor.
        starts: rows to show; each is drawn from its own position on.
        reach: how far.
    """
    chart, axes = figure(
        "One vector against itself, further and further away", x="distance in tokens", y="score"
    )
    looks = zip(("-", "o", "x"), (BLUE, VERMILION, INK), (1, 4, 4), strict=True)
    for start, (style, colour, step) in zip(starts, looks, strict=False):
        seen = [float(scores[start, start + distance]) for distance in range(0, reach, step)]
        axes.plot(
            range(0, reach, step), seen, style, color=colour, label=f"from position {start}",
            fillstyle="none", markersize=9,
        )  # fmt: skip
    axes.legend()
    off = max(
        abs(float(scores[start, start + d] - scores[starts[0], starts[0] + d]))
        for start in starts
        for d in range(reach)
    )
    near, far = float(scores[0, 0]), float(scores[0, reach - 1])
    return show(
        chart,
        f"{len(starts)} curves that lie on each other (they differ by at most {off:.1g}): "
        f"{near:.1f} at distance 0, {far:.1f} at {reach - 1}.",
    )


def attention_map(weights: Any, tokens: Sequence[str], title: str) -> Picture:
    """How much each token takes from each earlier one; darker is more.

    Args:
        weights: (tokens, tokens) of one head, each row adding up to 1.
        tokens: what the rows and columns stand for.
        title: stands above the figure.
    """
    values = np.asarray(weights, dtype=float)
    chart, axes = figure(
        title, x="token that is looked at", y="token that looks", width=7.4, height=5.6
    )
    axes.grid(visible=False)
    hidden = np.triu(np.ones_like(values, dtype=bool), 1)
    axes.imshow(np.where(hidden, np.nan, values), cmap="Blues", vmin=0, vmax=1.1)
    labels = [token.replace("\n", "\\n") for token in tokens]
    axes.set_xticks(range(len(labels)), labels, rotation=60, ha="right", fontsize=10)
    axes.set_yticks(range(len(labels)), labels, fontsize=10)
    for (row, column), value in np.ndenumerate(values):
        if not hidden[row, column] and value >= 0.095:
            axes.text(
                column, row, f"{value:.1f}".lstrip("0"), ha="center", va="center", fontsize=9,
                color="white" if value > 0.6 else INK,
            )  # fmt: skip
    most = "; ".join(
        f"{labels[row]!r} most at {labels[int(line.argmax())]!r} ({line.max():.0%})"
        for row, line in enumerate(values)
    )
    return show(chart, f"{title}. Every token looks: {most}.")


def cache_curves(rows: pd.DataFrame, title: str, tokens: int = 131_072) -> Picture:
    """Size of the KV cache over the length of one conversation, with groups and without.

    Args:
        rows: model -> bytes of one token, in the columns "bytes a token" and "with multi-head".
        title: stands above the figure.
        tokens: the longest conversation.
    """
    chart, axes = figure(title, x="tokens", y="KV cache in GB (logarithmic scale)")
    length = np.linspace(tokens / 32, tokens, 32)
    for name, colour in zip(rows.index, PALETTE, strict=False):
        for column, style, how in (
            ("bytes a token", "-", "grouped"),
            ("with multi-head", ":", "if multi-head"),
        ):
            size = length * float(rows.loc[name, column]) / 1e9
            axes.plot(
                length, size, style, color=colour, label=f"{name}, {how}", markevery=4,
                marker="o" if style == ":" else "", markersize=5,
            )  # fmt: skip
    axes.set_yscale("log")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize=9)
    said = "; ".join(
        f"{name} {float(row['bytes a token']) * tokens / 1e9:.1f}, "
        f"if multi-head {float(row['with multi-head']) * tokens / 1e9:.1f}"
        for name, row in rows.iterrows()
    )
    return show(
        chart, f"{title}. The cache grows with every token. GB at {tokens:,} tokens: {said}."
    )


def before_and_after(table: pd.DataFrame, title: str, unit: str) -> Picture:
    """Two values of several things, joined by an arrow's line.

    Args:
        table: a row for each thing, two columns in the order of time.
        title: stands above the figure.
        unit: of the values.
    """
    first, second = table.columns
    chart, axes = figure(title, x=unit, y="watched", height=1.6 + 0.5 * len(table))
    rows = range(len(table))
    axes.hlines(rows, table[first], table[second], color=GREY)
    axes.plot(table[first], rows, "o", color=VERMILION, markersize=9, label=str(first))
    axes.plot(table[second], rows, "s", color=BLUE, markersize=9, label=str(second))
    axes.set_yticks(rows, list(table.index))
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(0, float(table.to_numpy().max()) * 1.1)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    said = "; ".join(f"{name}: {a:.2f} to {b:.2f}" for name, a, b in table.itertuples())
    return show(chart, f"{title}. From {first} to {second}, {unit}: {said}.")


def shares_with_errors(counts: Mapping[str, tuple[int, int]], title: str, unit: str) -> Picture:
    """Shares with two standard errors to each side, and the line of chance at one half.

    Args:
        counts: what -> (right, of how many).
        title: stands above the figure.
        unit: what the share is a share of.
    """
    shares = np.array([right / n for right, n in counts.values()])
    sizes = np.array([n for _, n in counts.values()])
    ranges = 2 * (shares * (1 - shares) / sizes) ** 0.5
    chart, axes = figure(title, x=unit, y="kind", height=1.2 + 0.6 * len(counts))
    axes.errorbar(shares, list(counts), xerr=ranges, fmt="o", capsize=6, color=BLUE)
    axes.axvline(0.5, color=GREY, linestyle="--")
    axes.text(0.5, -0.55, " chance", fontsize=10, va="bottom", color=INK)
    axes.set(xlim=(0, 1.25), ylim=(-0.6, len(counts) - 0.4))
    said = ", ".join(
        f"{kind} {share:.0%}, plus or minus {reach:.0%}"
        for kind, share, reach in zip(counts, shares, ranges, strict=True)
    )
    return show(chart, f"{title}. The {unit}: {said}. Chance is 50%.")


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
