"""The figure style: what a figure must have, and that it is the same on every run."""

import re

import numpy as np
import pandas as pd
import pytest

from openllms import plots

ALT = "A line that rises from zero to one over the whole width of the figure."


def drawn():
    chart, axes = plots.figure("A title", x="time in seconds", y="share")
    axes.plot([0, 1], [0, 1])
    return chart, axes


def test_a_picture_carries_its_text_alternative_and_its_bytes():
    picture = plots.show(drawn()[0], ALT)
    assert picture.png.startswith(b"\x89PNG")
    assert f'alt="{ALT}"' in picture.html
    data, metadata = picture._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == data["text/plain"] == ALT
    sources = re.findall(r'(?:src|href)="([^"]{0,20})', picture.html)
    assert all(source.startswith("data:image/png") for source in sources)


def test_the_same_figure_is_the_same_bytes():
    assert plots.show(drawn()[0], ALT).png == plots.show(drawn()[0], ALT).png


def test_the_alternative_is_escaped():
    assert "<b>" not in plots.show(drawn()[0], ALT + ' "<b>').html.replace("&lt;b&gt;", "")


@pytest.mark.parametrize("missing", ["title", "xlabel", "ylabel"])
def test_title_and_labels_are_required(missing):
    chart, axes = drawn()
    if missing == "title":
        axes.set_title("", loc="left")
    else:
        axes.set(**{missing: ""})
    with pytest.raises(ValueError, match="title" if missing == "title" else "label both axes"):
        plots.show(chart, ALT)


def test_a_short_alternative_is_refused():
    with pytest.raises(ValueError, match="what the figure shows"):
        plots.show(drawn()[0], "A plot")


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize("ink", [plots.style.INK, plots.GREY])
def test_text_on_the_card_has_contrast_enough(ink):
    card, text = luminance(plots.style.CARD), luminance(ink)
    assert (card + 0.05) / (text + 0.05) >= 4.5  # WCAG 2.1, 1.4.3


def test_the_openness_matrix_says_who_publishes_what():
    table = pd.DataFrame(
        {"weights": [True, False, None], "training_data": [True, None, None]},
        index=["Open", "Closed", "Unknown"],
        dtype="boolean",
    )
    alt = plots.openness_matrix(table, ["weights", "training_data"]).alt
    assert "Open: public: weights, training data." in alt
    assert "Closed: withheld: weights; no source: training data." in alt
    assert "Unknown: no source: weights, training data." in alt


def test_the_memory_bars_say_every_number():
    sizes = {"7B": {"16 bits": 13.5e9, "4 bits": 3.4e9}, "70B": {"16 bits": 138e9, "4 bits": 34e9}}
    alt = plots.memory_bars(sizes, {"T4": 16e9}).alt
    assert "13.5 GB in 16 bits" in alt
    assert "34.0 GB in 4 bits" in alt
    assert "T4 16 GB" in alt


def test_the_break_even_is_where_the_lines_cross():
    tokens = np.linspace(0, 4e9, 401)
    alt = plots.break_even(tokens, np.full_like(tokens, 1460.0), tokens * 0.5e-6).alt
    assert "about 2,920 million" in alt
    coarse = np.linspace(0, 4e9, 5)  # no grid point near the crossing
    alt = plots.break_even(coarse, np.full_like(coarse, 1460.0), coarse * 0.5e-6).alt
    assert "about 2,920 million" in alt
    assert "stays cheaper" in plots.break_even(tokens, tokens * 0 + 1e9, tokens * 1e-6).alt
