"""The figures that more than one lesson draws. Each returns a finished `Picture`."""

from collections.abc import Mapping, Sequence
from textwrap import fill

import numpy as np
import pandas as pd

from openllms.plots.style import (
    BLUE,
    CARD,
    GREEN,
    GREY,
    INK,
    PALETTE,
    VERMILION,
    Picture,
    figure,
    show,
)

HATCHES = ("", "//", "..", "xx")  # so that bars differ without colour too


def openness_matrix(
    table: pd.DataFrame, artefacts: Sequence[str], title: str = "Who publishes what"
) -> Picture:
    """Releases by artefacts: filled disc = public, empty ring = withheld, "?" = no source was read.

    Args:
        table: one row a release (its name is the index), one nullable boolean column an artefact;
            for example `catalog.table()`.
        artefacts: the columns to show, in this order.
        title: stands above the figure.
    """
    known = table[list(artefacts)].astype("boolean")
    public = known.fillna(False).astype(bool)
    order = public.sum(axis="columns").sort_values(kind="stable", ascending=False)
    known, public = known.loc[order.index], public.loc[order.index]
    chart, axes = figure(
        title, x="artefact", y="release", width=10, height=1.6 + 0.34 * max(len(known), 1)
    )
    for row, (_, values) in enumerate(known.iterrows()):
        for column, value in enumerate(values):
            if pd.isna(value):
                axes.text(column, row, "?", ha="center", va="center", color=GREY)
            else:
                face = BLUE if value else "none"
                axes.scatter(column, row, s=90, facecolor=face, edgecolor=BLUE if value else GREY)
    labels = [fill(_words(name), 12) for name in artefacts]
    axes.set_xticks(range(len(labels)), labels, fontsize=9)
    axes.set_yticks(range(len(known)), known.index, fontsize=10)
    axes.set(xlim=(-0.6, len(labels) - 0.4), ylim=(len(known) - 0.4, -0.6))
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.set_xlabel("filled disc: public    empty ring: withheld    ?: no source read", fontsize=10)
    rows = ". ".join(f"{name}: {_in_words(values)}" for name, values in known.iterrows())
    return show(chart, f"{title}. {rows}.")


def _in_words(values: pd.Series) -> str:
    """One row of the openness matrix: what is public, what is withheld, of what nobody read."""
    said = {"public": values.eq(True), "withheld": values.eq(False), "no source": values.isna()}
    named = {word: values.index[group.fillna(False)] for word, group in said.items()}
    return "; ".join(
        f"{word}: {', '.join(map(_words, columns))}"
        for word, columns in named.items()
        if len(columns)
    )


def _words(column: str) -> str:
    return column.replace("fine_tuning", "fine-tuning").replace("_", " ")


def memory_bars(
    sizes: Mapping[str, Mapping[str, float]],
    limits: Mapping[str, float],
    title: str = "Memory for the weights alone",
) -> Picture:
    """Memory of models in several number formats, against the memory of devices.

    Args:
        sizes: model -> number format -> bytes.
        limits: device -> bytes; drawn as vertical lines.
        title: stands above the figure.
    """
    gigabyte = 1e9
    formats = list(next(iter(sizes.values())))
    chart, axes = figure(
        title, x="gigabytes (1 GB = 1e9 bytes), logarithmic scale", y="model", height=4.6
    )
    thickness = 0.8 / len(formats)
    for row, by_format in enumerate(sizes.values()):
        for place, name in enumerate(formats):
            value, middle = by_format[name] / gigabyte, row + (place + 0.5) * thickness - 0.4
            axes.barh(
                middle,
                value,
                height=thickness * 0.9,
                color=PALETTE[place],
                hatch=HATCHES[place % len(HATCHES)],
                edgecolor="white",
                label=name if row == 0 else None,
            )
            number = axes.text(value * 1.05, middle, f"{value:,.1f}", va="center", fontsize=9)
            number.set_bbox({"facecolor": CARD, "edgecolor": "none", "pad": 0.5})
    for name, limit in limits.items():
        axes.axvline(limit / gigabyte, color=GREY, linestyle="--", linewidth=1.2, zorder=0)
        axes.text(limit / gigabyte, -0.6, f"{name}", rotation=90, ha="right", va="bottom")
    largest = max(max(values.values()) for values in sizes.values()) / gigabyte
    axes.set_xscale("log")
    axes.set(xlim=(1, largest * 2), ylim=(len(sizes) - 0.4, -1.8))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_yticks(range(len(sizes)), list(sizes))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=len(formats), fontsize=9)
    described = "; ".join(
        f"{' '.join(model.split())}: "
        + ", ".join(f"{value / gigabyte:,.1f} GB in {name}" for name, value in by.items())
        for model, by in sizes.items()
    )
    devices = ", ".join(f"{name} {limit / gigabyte:,.0f} GB" for name, limit in limits.items())
    return show(chart, f"{title}. {described}. Devices: {devices}.")


def break_even(
    tokens: np.ndarray,
    renting: np.ndarray,
    paying: np.ndarray,
    title: str = "Renting a GPU or paying per token",
) -> Picture:
    """Monthly cost of two ways to run a model, over the tokens of a month; marks the crossing.

    Args:
        tokens: tokens a month, rising.
        renting: cost of rented GPUs at those tokens, in dollars a month.
        paying: cost of a service at those tokens, in dollars a month.
        title: stands above the figure.
    """
    chart, axes = figure(title, x="tokens a month, in millions", y="dollars a month")
    millions = tokens / 1e6
    axes.plot(millions, renting, color=BLUE, label="rent GPUs")
    axes.plot(millions, paying, color=VERMILION, linestyle="--", label="pay per token")
    axes.fill_between(
        millions, renting, paying, where=renting < paying, color=GREEN, alpha=0.15, hatch="//",
        label="renting is cheaper",
    )  # fmt: skip
    cheaper = np.flatnonzero(renting <= paying)
    if cheaper.size:
        around = slice(max(cheaper[0] - 1, 0), cheaper[0] + 1)  # the lines cross between these two
        crossing = np.interp(0, (paying - renting)[around], millions[around])
        cost = np.interp(crossing, millions, paying)
        finding = f"Renting becomes cheaper at about {crossing:,.0f} million tokens a month."
        axes.plot(crossing, cost, "o", color=INK)
        axes.annotate(
            f"{crossing:,.0f} million",
            (crossing, cost),
            xytext=(6, -10),
            textcoords="offset points",
            va="top",
        )
    else:
        finding = (
            f"Paying per token stays cheaper up to {millions[-1]:,.0f} million tokens a month."
        )
    axes.set(xlim=(0, millions[-1]), ylim=(0, None))
    axes.legend(loc="upper left")
    return show(chart, f"{title}. {finding}")
