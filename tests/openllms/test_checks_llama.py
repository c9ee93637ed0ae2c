"""The instant checks of lesson 2: right answers pass, each usual mistake is named."""

from itertools import accumulate
from math import sqrt

import pytest

from openllms.checks import llama as check


def candidates(probabilities, top_p):
    sums = accumulate(sorted(probabilities, reverse=True))
    return 1 + sum(total < top_p for total in list(sums)[:-1])


def expanded(layers, every):
    return [
        f"{kind} {layer}"
        for layer in range(layers)
        for kind in (["old", "new"] if layer % every == every - 1 else ["old"])
    ]


def block_parameters(hidden, intermediate, heads, kv_heads, head_dim):
    attention = hidden * head_dim * (heads + 2 * kv_heads + heads)
    return attention + hidden * (3 * intermediate + 2)


RIGHT = {
    "candidates": candidates,
    "key_value_head": lambda query, heads, kv: query // (heads // kv),
    "block_parameters": block_parameters,
    "kv_cache_bytes": lambda layers, kv, dim, tokens, size: 2 * layers * kv * dim * tokens * size,
    "expanded": expanded,
    "standard_error": lambda right, n: sqrt(right * (n - right) / n**3),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_passes(name):
    report = getattr(check, name)(RIGHT[name])
    assert report.passed, report


@pytest.mark.parametrize("name", RIGHT)
def test_every_listed_mistake_is_caught_and_named(name):
    one = getattr(check, name)
    for mistake in one.mistakes:
        report = one(mistake.function)
        assert report.outcome == "wrong"
        assert mistake.message in report.message


@pytest.mark.parametrize("name", RIGHT)
def test_an_untouched_stub_is_no_failure(name):
    assert getattr(check, name)(lambda *_: ...).outcome == "untouched"


def test_no_check_of_the_lesson_is_left_out():
    from openllms.checks import Check

    assert {name for name, one in vars(check).items() if isinstance(one, Check)} == set(RIGHT)
