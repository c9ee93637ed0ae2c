"""What the course publishes on its models is what their stored losses and weights say."""

import json
from itertools import islice

import numpy as np
import pandas as pd
import pytest

from openllms import models
from training import compare
from training.corpus import arithmetic
from training.corpus.build import ARITHMETIC_DOCUMENTS
from training.corpus.clean import is_held_out
from training.evaluate import by_document, token_losses
from training.recipe import read_recipe
from training.tokens import encode


def test_the_comparison_that_is_published_is_that_of_the_published_losses(tmp_path):
    for file in compare.RESULTS.glob("*.documents.csv"):
        (tmp_path / file.name).symlink_to(file)
    compare.compare(tmp_path)
    published = json.loads((compare.RESULTS / "comparison.json").read_text())
    assert json.loads((tmp_path / "comparison.json").read_text()) == published


def test_published_losses_by_document_are_those_of_the_evaluation():
    files = sorted(compare.RESULTS.glob("*.evaluation.json"))
    assert files
    for file in files:
        expected = json.loads(file.read_text())["nats_per_token"]
        run = pd.read_csv(file.with_name(file.name.replace(".evaluation.json", ".documents.csv")))
        sums = run.groupby("domain")[["nats", "tokens"]].sum()
        assert (sums.nats / sums.tokens).to_dict() == pytest.approx(expected, abs=1e-4), file.name


def test_the_mixture_is_better_than_its_active_twin_as_the_course_says():
    pairs = json.loads((compare.RESULTS / "comparison.json").read_text())
    for domain, row in pairs["tiny-mixtral minus tiny-mistral-active"].items():
        assert len(row["seeds"]) >= 3
        assert row["high"] < 0, domain
        assert max(row["seeds"]) < 0, domain


def test_the_use_of_experts_is_what_training_measured():
    mix = read_recipe().training.mix
    for name, seeds in models.expert_use().items():
        for seed, use in seeds.items():
            measured = json.loads(
                (compare.RESULTS / f"{name}-seed{seed}.evaluation.json").read_text()
            )
            slots = {d: np.array(rows) for d, rows in measured["expert_slots"].items()}
            shares = {d: x / x.sum(axis=1, keepdims=True) for d, x in slots.items()}
            expected = sum(mix[domain] * shares[domain] for domain in mix)
            np.testing.assert_allclose(use, expected, atol=1e-5)


@pytest.mark.parametrize("name", compare.MODELS)
def test_the_shipped_weights_have_the_published_loss(name):
    """On the first held-out documents of arithmetic, which the recipe makes anew."""
    model, tokenizer = models.load(name)
    texts = (text for text in arithmetic.documents(ARITHMETIC_DOCUMENTS) if is_held_out(text))
    ids = encode(tokenizer, islice(texts, 12))
    losses = by_document(token_losses(model, ids, 512), ids, tokenizer.eos_token_id)[:-1]
    published = pd.read_csv(compare.RESULTS / f"{name}-seed0.documents.csv")
    published = published[published.domain == "arithmetic"].head(len(losses))
    assert losses.tokens.to_list() == published.tokens.to_list()
    assert losses.nats.to_list() == pytest.approx(published.nats.to_list(), rel=1e-3)
