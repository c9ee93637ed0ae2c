"""Work that takes too long or too much is ended, and the next call is as before."""

import time

import pytest

from nbclassroom.feedback import bounded, markdown


def test_a_result_comes_back():
    assert bounded.call(str.upper, "ä", seconds=60) == "Ä"


def test_native_code_that_answers_no_signal_is_ended():
    """Forty open brackets keep the formula converter busy for hours."""
    begun = time.monotonic()
    with pytest.raises(bounded.ExceededError, match="2 s"):
        bounded.call(markdown.to_html, "$" + "[" * 40 + "$", {}, seconds=2)
    assert time.monotonic() - begun < 30
    assert "math" in bounded.call(markdown.to_html, "$x$", {}, seconds=60)


def test_memory_is_limited():
    with pytest.raises(bounded.ExceededError):
        bounded.call(str.ljust, "x", 1 << 30, seconds=60, memory=64 << 20)


def test_an_error_inside_is_no_result():
    with pytest.raises(bounded.ExceededError):
        bounded.call(str.upper, seconds=60)
