"""Intervals, the paired test, baselines, reading what was written: against known values."""

from math import comb, sqrt

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from openllms import models
from openllms.evaluation import NaiveBayes, bootstrap, embed, mcnemar, ranks, which, wilson, write


@settings(deadline=None)  # the first call imports scipy
@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_the_formula(counts):
    right, items = counts
    share, z = right / items, 1.959963984540054
    middle = (share + z * z / (2 * items)) / (1 + z * z / items)
    half = z / (1 + z * z / items) * sqrt(share * (1 - share) / items + z * z / (4 * items**2))
    found = wilson(right, items)
    assert found.estimate == share
    assert found.low == pytest.approx(middle - half, abs=1e-9)
    assert found.high == pytest.approx(middle + half, abs=1e-9)


def test_intervals_read_well_and_refuse_the_impossible():
    assert str(wilson(7, 10)) == "70% (40% to 89%)"
    with pytest.raises(ValueError, match="impossible"):
        wilson(3, 2)
    with pytest.raises(ValueError, match="no scores"):
        bootstrap([])


def test_bootstrap_agrees_with_wilson_and_is_the_same_on_every_run():
    scores = [True] * 60 + [False] * 40
    found = bootstrap(scores)
    assert found == bootstrap(scores)
    assert found != bootstrap(scores, seed=1)
    assert found.low == pytest.approx(wilson(60, 100).low, abs=0.02)
    assert found.high == pytest.approx(wilson(60, 100).high, abs=0.02)
    assert bootstrap([1.0] * 5) == (1.0, 1.0, 1.0)


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40))
def test_mcnemar_counts_coins(pairs):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    found = mcnemar(first, second)
    flips, fewer = found.only_first + found.only_second, min(found.only_first, found.only_second)
    tail = 2 * sum(comb(flips, k) for k in range(fewer + 1)) / 2**flips
    assert found.p_value == pytest.approx(min(1.0, tail))
    assert mcnemar(second, first) == (found.only_second, found.only_first, found.p_value)


def test_other_items_cannot_be_compared():
    with pytest.raises(ValueError, match="the items must be the same"):
        mcnemar([True], [True, False])


def test_naive_bayes_by_hand():
    model = NaiveBayes(["red apple", "green apple", "red car"], ["fruit", "fruit", "thing"])
    scores = model.log_scores("A red car!")  # "a" was never seen
    # vocabulary of 4; fruit has 4 words, thing 2; priors 2 and 1
    assert scores["fruit"] == pytest.approx(torch.tensor(2 * (2 / 8) * (1 / 8)).log().item())
    assert scores["thing"] == pytest.approx(torch.tensor(1 * (2 / 6) * (2 / 6)).log().item())
    assert model.label("A red car!") == "thing"
    with pytest.raises(ValueError, match="one for each"):
        NaiveBayes(["a"], [])


def test_the_encoder_finds_what_is_alike():
    vectors = embed(
        *models.load("all-MiniLM-L6-v2"), ["the cat sleeps", "a sleeping cat", "tax law"]
    )
    assert vectors.shape == (3, 384)
    assert torch.allclose(vectors.norm(dim=-1), torch.ones(3))
    likeness = vectors @ vectors.T
    assert likeness[0, 1] > likeness[0, 2]


def test_padding_does_not_change_a_vector():
    model, tokenizer = models.load("all-MiniLM-L6-v2")
    alone = embed(model, tokenizer, ["short"])
    beside = embed(model, tokenizer, ["short", "a text that is quite a bit longer than the other"])
    assert torch.allclose(alone[0], beside[0], atol=1e-5)


def test_ranks_count_what_is_more_alike():
    likeness = torch.tensor([[0.9, 0.1, 0.5], [0.2, 0.8, 0.4]])
    assert ranks(likeness, [0, 0]) == [1, 3]
    assert ranks(likeness, [2, 2]) == [2, 2]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The box is: a payment.", 0),
        ("Uma EMERGENCIA, sem dúvida", 1),
        ("an appointment, not a payment", 2),
        ("a repayment", None),
        ("nothing of that", None),
    ],
)
def test_which_choice_was_written(text, place):
    assert which(text, ["a payment", "uma emergência", "an appointment"]) == place


def test_the_longer_of_two_choices_at_one_place_wins():
    assert which("blood test results", ["blood", "blood test"]) == 1


def test_a_chat_model_writes():
    said = write(*models.load(), "Say hello.", max_new_tokens=5)
    assert said
    assert said == said.strip()
