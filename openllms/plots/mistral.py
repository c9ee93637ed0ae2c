"""Figures of lesson 3: attention in a window, who uses which expert, dense against mixture."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from openllms.plots.style import BLUE, CARD, GREEN, GREY, INK, VERMILION, Picture, figure, show


def window_mask(mask: np.ndarray, title: str) -> Picture:
    """Which earlier tokens each token attends to.

    Args:
        mask: (tokens, tokens) true where the row's token sees the column's token.
        title: stands above the figure.
    """
    tokens = len(mask)
    chart, axes = figure(title, x="token that is seen", y="token that looks", width=6, height=5.2)
    axes.imshow(np.where(mask, 1.0, np.nan), cmap="Blues", vmin=0, vmax=1.4)
    axes.set_xticks(range(tokens))
    axes.set_yticks(range(tokens))
    axes.grid(visible=False)
    for row, column in np.argwhere(mask):
        axes.text(column, row, "•", ha="center", va="center", color=CARD)
    seen = ", ".join(f"{row}: {np.flatnonzero(mask[row]).tolist()}" for row in range(tokens))
    return show(chart, f"{title}. Each token and the tokens that it sees: {seen}.")


def expert_table(table: pd.DataFrame, title: str, x: str, y: str, percent: bool = True) -> Picture:
    """A table of numbers by expert, darker where larger; every cell says its number.

    Args:
        table: rows (anything; with two index levels, a gap parts the first one's groups) by columns
            (experts).
        title: stands above the figure.
        x: what the columns are.
        y: what the rows are.
        percent: write shares as percentages, otherwise differences with their sign.
    """
    chart, axes = figure(title, x=x, y=y, width=9, height=1.4 + 0.36 * len(table))
    values = table.to_numpy()
    axes.imshow(values, cmap="Blues", aspect="auto", vmin=0, vmax=max(values.max(), 1e-9) * 1.15)
    axes.grid(visible=False)
    groups = table.index.get_level_values(0)
    for row in np.flatnonzero(groups[1:] != groups[:-1]) if table.index.nlevels > 1 else ():
        axes.axhline(row + 0.5, color=CARD, linewidth=4)
    labels = [
        ", ".join(map(str, key)) if isinstance(key, tuple) else str(key) for key in table.index
    ]
    axes.set_yticks(range(len(labels)), labels, fontsize=9)
    axes.set_xticks(range(len(table.columns)), table.columns)
    form = "{:.0%}" if percent else "{:+.2f}"
    values = values.round(2 if not percent else 4) + 0.0  # no -0.00
    for (row, column), value in np.ndenumerate(values):
        dark = value > 0.6 * values.max()
        axes.text(
            column, row, form.format(value), ha="center", va="center", fontsize=9,
            color=CARD if dark else INK,
        )  # fmt: skip
    largest = "; ".join(
        f"{label}: {table.columns[int(row.argmax())]} ({form.format(row.max())})"
        for label, row in zip(labels, values, strict=True)
    )
    return show(chart, f"{title}. Largest of each row, by {x}: {largest}.")


def losses_of_models(losses: Mapping[str, Mapping[str, list[float]]], title: str) -> Picture:
    """Held-out loss of several models by domain; one mark a seed.

    Args:
        losses: model -> domain -> one loss a seed, in nats a token.
        title: stands above the figure.
    """
    chart, axes = figure(title, x="held-out loss, nats a token (lower is better)", y="domain")
    domains = list(next(iter(losses.values())))
    looks = zip(("o", "s", "^"), (BLUE, VERMILION, GREEN), strict=True)
    shifts = np.linspace(-0.2, 0.2, len(losses))  # so that marks of equal losses are all seen
    for (model, by_domain), (marker, colour), shift in zip(
        losses.items(), looks, shifts, strict=False
    ):
        points = [
            (loss, row + shift) for row, domain in enumerate(domains) for loss in by_domain[domain]
        ]
        axes.plot(*zip(*points, strict=True), marker, color=colour, markersize=6, label=model)
    axes.set_yticks(range(len(domains)), domains)
    axes.set_ylim(len(domains) - 0.5, -0.5)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3)
    said = "; ".join(
        f"{model}: " + ", ".join(f"{d} {' and '.join(f'{x:.2f}' for x in by[d])}" for d in domains)
        for model, by in losses.items()
    )
    return show(chart, f"{title}. {said}.")


def entropy_curves(curves: Mapping[str, list[float]], even: float, title: str) -> Picture:
    """Entropy of expert use over training steps, one line a run, against perfectly even use.

    Args:
        curves: run -> entropy in bits after each step.
        even: the entropy of perfectly even use, in bits.
        title: stands above the figure.
    """
    chart, axes = figure(title, x="training step", y="entropy of use, bits", height=4)
    for (name, values), style in zip(curves.items(), ("-", "--", ":"), strict=False):
        axes.plot(values, style, label=name, color=BLUE if style == "-" else VERMILION)
    axes.axhline(even, color=GREY, linewidth=1.2)
    axes.text(0, even, "perfectly even", va="bottom", fontsize=9)
    axes.set_ylim(0, even * 1.12)
    axes.legend(loc="lower left")
    ends = ", ".join(f"{name} ends at {values[-1]:.2f}" for name, values in curves.items())
    return show(chart, f"{title}. Of at most {even:.2f} bits: {ends}.")
