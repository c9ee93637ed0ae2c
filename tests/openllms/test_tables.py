"""Tables: numbers to be read, texts on the left, reachable by keyboard, nothing unescaped."""

import datetime

import pandas as pd
import pytest

from openllms import plots

FRAME = pd.DataFrame(
    {
        "date": [datetime.date(2023, 2, 24), None],
        "tokens": [1_400_000_000_000, None],
        "share": [0.123456, 2.0],
        "licence": ["<b>", pd.NA],
    },
    index=["one", "two"],
)


def test_numbers_dates_and_what_is_not_known():
    shown = plots.table(FRAME, "Some models")
    for cell in ("2023-02-24", "1,400,000,000,000", "0.123", '<td class="number one-line">2</td>'):
        assert cell in shown.html
    assert shown.html.count("not known") == 3
    assert shown.text.startswith("Some models\n")
    assert "1,400,000,000,000" in shown.text


def test_texts_are_on_the_left_and_escaped_and_numbers_on_the_right():
    shown = plots.table(FRAME, "Some models").html
    assert '<td class="text one-line">&lt;b&gt;</td>' in shown
    assert '<td class="number one-line">0.123</td>' in shown


def test_a_wide_table_can_be_scrolled_with_the_keyboard():
    shown = plots.table(FRAME, 'A "wide" table').html
    assert 'role="region" tabindex="0" aria-label="A &quot;wide&quot; table"' in shown
    assert '<th class="text one-line" scope="row">one</th>' in shown
    assert "<tr><td></td><th" in shown  # the corner is no empty heading


def test_a_format_for_one_column_leaves_the_others():
    shown = plots.table(FRAME, "Some models", {"share": "{:.1%}"}).html
    assert "12.3%" in shown
    assert "200.0%" in shown
    assert "1,400,000,000,000" in shown


def test_one_format_for_all():
    series = pd.Series({"one": 0.25, "two": 1.0}, name="share")
    shown = plots.table(series, "Shares", "{:.1%}")
    assert "25.0%" in shown.text
    assert "100.0%" in shown.text


def test_two_levels_are_said_in_one_line():
    columns = pd.MultiIndex.from_tuples([("active", "mean"), ("active", "lowest")])
    frame = pd.DataFrame([[1, 2]], index=["code"], columns=columns)
    assert "active, lowest" in plots.table(frame, "Differences").html


@pytest.mark.parametrize("long", ["word " * 20])
def test_long_texts_wrap(long):
    shown = plots.table(pd.Series([long], name="claim"), "Claims").html
    assert '<td class="text">' in shown


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1690.3, "1,690"),
        (999.6, "1,000"),
        (2048.0, "2,048"),
        (3.15e23, "3.15e+23"),
        (-1500.5, "-1,500"),
    ],
)
def test_large_numbers_have_separators_and_no_digits_that_are_not_known(value, written):
    assert plots.table(pd.Series([value], name="value"), "Numbers").text.endswith(f" {written}")


def test_a_long_address_may_break_and_a_short_text_may_not():
    long, short = "https://example.org/a-folder/another/0123456789/paper.pdf", "and/or"
    shown = plots.table(pd.Series([long, short], name="source"), "Sources").html
    assert "a-folder/<wbr>another/<wbr>0123456789/<wbr>paper.pdf" in shown
    assert "and/or" in shown
