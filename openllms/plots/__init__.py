"""The course's figure style, and the figures that more than one lesson uses.

A lesson draws on `figure(...)` and ends with `show(figure, alt)`:

    chart, axes = plots.figure("Weights of one layer", x="value", y="number of weights")
    axes.hist(values, bins=80, color=plots.BLUE)
    plots.show(chart, "Histogram: a bell around zero, nearly all weights between -0.5 and 0.5.")

`show` refuses a figure without a title, axis labels or a text alternative. The result is a picture
on a light card, so it reads the same in light and dark themes, in Colab and in an HTML export.
`table(data, caption)` writes a table, and `drawing(name)` shows a mechanism, from an SVG file.
"""

from openllms.plots.figures import break_even, memory_bars, openness_matrix
from openllms.plots.llama import (
    attention_map,
    before_and_after,
    by_distance,
    cache_curves,
    next_token_bars,
    parts_of_models,
    shares_with_errors,
    timeline,
)
from openllms.plots.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALETTE,
    PINK,
    SKY,
    VERMILION,
    YELLOW,
    Picture,
    figure,
    show,
)
from openllms.plots.svg import Drawing, drawing
from openllms.plots.table import Table, table

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "ORANGE",
    "PALETTE",
    "PINK",
    "SKY",
    "VERMILION",
    "YELLOW",
    "Drawing",
    "Picture",
    "Table",
    "attention_map",
    "before_and_after",
    "break_even",
    "by_distance",
    "cache_curves",
    "drawing",
    "figure",
    "memory_bars",
    "next_token_bars",
    "openness_matrix",
    "parts_of_models",
    "shares_with_errors",
    "show",
    "table",
    "timeline",
]
