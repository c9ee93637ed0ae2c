"""The exercises of lesson 3: right answers pass, usual mistakes are named."""

from math import exp, log2

import pytest

from openllms.checks import mistral_moe as check


def first_weight(logits):
    best, second = sorted(logits)[-1:-3:-1]
    return 1 / (1 + exp(second - best))


def ring(length, window):
    return [max(i for i in range(length) if i % window == slot) for slot in range(window)]


RIGHT = {
    "first_weight": first_weight,
    "active_parameters": lambda total, one, n, used, layers: total - layers * one * (n - used),
    "receptive_field": lambda window, layers: 1 + layers * (window - 1),
    "ring": ring,
    "entropy_bits": lambda n: sum(c / sum(n) * log2(sum(n) / c) for c in n if c),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_passes(name):
    assert getattr(check, name)(RIGHT[name]).passed


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
