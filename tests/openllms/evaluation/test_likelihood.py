"""Log-likelihoods equal a plain forward pass, token by token; choosing follows the rule."""

import pytest
import torch

from openllms import evaluation, models
from openllms.evaluation import Scored, clinic, log_likelihoods


def plainly(model, tokenizer, context, continuation):
    """The definition: one pass over the whole text, the continuation's tokens added up."""
    ids = tokenizer(context + continuation, return_tensors="pt").input_ids
    start = len(tokenizer(context).input_ids)
    with torch.no_grad():
        scores = model(ids).logits[0].log_softmax(dim=-1)
    return sum(scores[place - 1, ids[0, place]].item() for place in range(start, ids.shape[1]))


@pytest.mark.parametrize("name", ["tiny-mixtral", "tiny-mistral-active", models.DEFAULT])
def test_one_masked_pass_equals_a_pass_for_each_choice(name):
    model, tokenizer = models.load(name)
    for item in clinic().items[::11]:
        choices = [f" {choice}" for choice in item.choices]
        found = log_likelihoods(model, tokenizer, item.context, choices)
        wanted = [plainly(model, tokenizer, item.context, choice) for choice in choices]
        assert [score for score, _ in found] == pytest.approx(wanted, abs=1e-3)


def test_a_choice_does_not_depend_on_its_neighbours():
    model, tokenizer = models.load("tiny-mistral-active")
    alone = log_likelihoods(model, tokenizer, "The museum", [" is open"])
    among = log_likelihoods(model, tokenizer, "The museum", [" closes at noon today", " is open"])
    assert among[1][0] == pytest.approx(alone[0][0], abs=1e-4)
    assert among[1][1] == alone[0][1]


@pytest.mark.parametrize("name", ["tiny-mixtral", "tiny-mistral-active"])
def test_a_score_does_not_depend_on_the_items_of_the_same_pass(name):
    model, tokenizer = models.load(name)
    items = clinic().items
    for item, scored in zip(items, evaluation.score(model, tokenizer, items).values(), strict=True):
        alone = log_likelihoods(model, tokenizer, item.context, [f" {c}" for c in item.choices])
        assert scored.log_likelihoods == pytest.approx([one for one, _ in alone], abs=1e-3)
        assert scored.tokens == tuple(tokens for _, tokens in alone)


def test_nothing_to_score_is_an_error():
    model, tokenizer = models.load("tiny-mistral-active")
    with pytest.raises(ValueError, match="no tokens to score"):
        log_likelihoods(model, tokenizer, "Yes", [""])
    with pytest.raises(ValueError, match="no tokens to score"):
        log_likelihoods(model, tokenizer, "", [" yes"])


def test_length_decides_what_is_chosen():
    scored = Scored((-6.0, -8.0, -9.0), characters=(3, 8, 30), tokens=(1, 2, 2), right=2)
    assert scored.chosen() == 0
    assert scored.chosen("characters") == 2
    assert scored.chosen("tokens") == 1
    assert scored.correct("characters")
    assert not scored.correct()


def test_scores_come_by_item():
    items = clinic().questions()[:2]
    scored = evaluation.score(*models.load("tiny-mistral-active"), items)
    assert list(scored) == [item.id for item in items]
    first = scored[items[0].id]
    assert first.characters == tuple(map(len, items[0].choices))
    assert all(score < 0 for score in first.log_likelihoods)
