"""Figures of lesson 5: speed against its bound, price by utilisation, a front, scores."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from openllms.choosing import pareto_front
from openllms.plots.style import BLUE, GREY, INK, PALETTE, Picture, figure, show

MARKERS = ("o", "s", "^", "D", "v", "P", "X")  # so that series differ without colour too


def speed_lines(table: pd.DataFrame, title: str) -> Picture:
    """Tokens a second by number of users: what bandwidth allows, and what was measured.

    Args:
        table: one row a number of users (its index); columns `bound` and `measured`.
        title: stands above the figure.
    """
    chart, axes = figure(title, x="users at the same time", y="tokens a second, all users")
    users = table.index.to_numpy()
    axes.plot(users, table.bound, "--", color=GREY, marker="s", label="at most, by bandwidth")
    axes.plot(users, table.measured, "-", color=BLUE, marker="o", label="measured")
    for count, speed in zip(users, table.measured, strict=True):
        axes.annotate(f"  {speed:.0f}", (count, speed), va="top", color=INK)
    axes.set_xscale("log", base=2)
    axes.set_yscale("log", base=2)
    axes.set_xticks(users, [str(count) for count in users])
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.legend(loc="upper left")
    said = "; ".join(
        f"{count}: at most {row.bound:.0f}, measured {row.measured:.0f}"
        for count, row in table.iterrows()
    )
    return show(chart, f"{title}. Tokens a second by number of users. {said}.")


def price_by_utilisation(
    machines: Mapping[str, float], services: Mapping[str, float], title: str
) -> Picture:
    """Dollars a million tokens over the share of time in which a machine is busy.

    Args:
        machines: name -> dollars a million tokens when always busy.
        services: name -> dollars a million tokens, whatever the use.
        title: stands above the figure.
    """
    x = "share of the time in which it is busy"
    chart, axes = figure(title, x=x, y="dollars a million tokens")
    shares = np.geomspace(0.01, 1, 200)
    crossings = []
    for place, (name, price) in enumerate(machines.items()):
        axes.plot(shares, price / shares, color=PALETTE[place], label=name)
        for service, asked in services.items():
            if 0.01 < price / asked <= 1:
                axes.plot(price / asked, asked, MARKERS[place], color=INK, zorder=3)
                side, above = (("right", "top"), ("left", "bottom"))[place % 2]
                axes.annotate(f" {price / asked:.0%} ", (price / asked, asked), va=above, ha=side)
                crossings.append(f"{name} is cheaper than {service} from {price / asked:.0%} on")
    for place, (service, asked) in enumerate(services.items()):
        style = (0, (5, 2 + 2 * place))
        axes.axhline(asked, color=GREY, linestyle=style, label=f"{service}: ${asked:g}")
    axes.set(xscale="log", yscale="log", xlim=(0.01, 1))
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.legend(loc="upper right", fontsize=9)
    found = "; ".join(crossings) or "no machine is ever cheaper than a service"
    return show(chart, f"{title}. {found}.")


def front(
    models: Mapping[str, tuple[float, float]],
    groups: Mapping[str, str],
    title: str,
    price: str,
    quality: str,
) -> Picture:
    """Quality over price on a logarithmic scale; the Pareto front is drawn as a step line.

    Args:
        models: name -> (price, quality).
        groups: name -> what colour and marker tell apart, such as the licence.
        title: stands above the figure.
        price: label of the horizontal axis, with its unit.
        quality: label of the vertical axis, with its unit.
    """
    best = pareto_front(models)
    beaten = sorted((name for name in models if name not in best), key=lambda n: models[n][1])
    chart, axes = figure(title, x=price, y=quality, height=5.2)
    axes.step(
        [models[name][0] for name in best],
        [models[name][1] for name in best],
        where="post", color=GREY, linestyle="--", zorder=1, label="the front",
    )  # fmt: skip
    for place, group in enumerate(dict.fromkeys(groups[name] for name in models)):
        points = [models[name] for name in models if groups[name] == group]
        axes.plot(
            *zip(*points, strict=True), MARKERS[place % len(MARKERS)],
            color=PALETTE[place % len(PALETTE)], markersize=8, label=group, markeredgecolor=INK,
        )  # fmt: skip
    for name, (cost, value) in models.items():
        # Above and to the left of the line if on it; else below and to the right; staggered.
        on_it = name in best
        if on_it:
            offset = (-7, 4 + 12 * (best.index(name) % 2))
        else:
            offset = (7, -11 - 9 * (beaten.index(name) % 2))
        axes.annotate(
            name, (cost, value), xytext=offset, textcoords="offset points", fontsize=9,
            ha="right" if on_it else "left", fontweight="bold" if on_it else "normal", color=INK,
        )  # fmt: skip
    axes.set_xscale("log")
    axes.margins(x=0.28, y=0.14)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.legend(loc="lower right", fontsize=9)
    on = ", ".join(f"{name} ({models[name][0]:g}, {models[name][1]:g})" for name in best)
    rest = ", ".join(beaten) or "none"
    return show(chart, f"{title}. On the front, (price, quality): {on}. Beaten: {rest}.")


def scores(table: pd.DataFrame, chance: float, title: str) -> Picture:
    """Accuracies with their intervals, one row a model, one marker a group of items.

    Args:
        table: one row a measurement: `model`, `group`, `estimate`, `low`, `high`.
        chance: accuracy of guessing, drawn as a line.
        title: stands above the figure.
    """
    models: Sequence[str] = list(dict.fromkeys(table.model))
    groups: Sequence[str] = list(dict.fromkeys(table.group))
    chart, axes = figure(
        title, x="right answers, with 95% interval", y="model", height=1.6 + 0.62 * len(models)
    )
    step = 0.8 / len(groups)
    for place, group in enumerate(groups):
        rows = table[table.group == group]
        heights = [models.index(name) + (place + 0.5) * step - 0.4 for name in rows.model]
        axes.hlines(heights, rows.low, rows.high, color=PALETTE[place], linewidth=2)
        axes.plot(
            rows.estimate, heights, MARKERS[place], color=PALETTE[place], markersize=8, label=group
        )
        for height, high, estimate in zip(heights, rows.high, rows.estimate, strict=True):
            axes.annotate(f" {estimate:.0%}", (high, height), va="center", fontsize=9, color=INK)
    axes.axvline(chance, color=GREY, linestyle="--", label=f"guessing: {chance:.0%}")
    axes.set_yticks(range(len(models)), models)
    axes.set(xlim=(0, 1.08), ylim=(len(models) - 0.4, -0.6))
    axes.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.22), ncols=len(groups) + 1, fontsize=9)
    said = "; ".join(
        f"{row.model}, {row.group}: {row.estimate:.0%} ({row.low:.0%} to {row.high:.0%})"
        for row in table.itertuples()
    )
    return show(chart, f"{title}. {said}. Guessing gives {chance:.0%}.")
