"""The comparison of models from stored losses, on data whose answer is known."""

import numpy as np
import pandas as pd
import pytest
import torch

from training import compare
from training.evaluate import by_document, token_losses, usage_entropy
from training.recipe import RECIPE, read_recipe


def write(folder, name, seed, nats, tokens, domain="code"):
    pd.DataFrame(
        {"domain": domain, "document": range(len(nats)), "tokens": tokens, "nats": nats}
    ).to_csv(folder / f"{name}-seed{seed}.documents.csv", index=False)


def test_the_interval_is_that_of_the_normal_distribution_where_documents_are_alike_and_many():
    rng = np.random.default_rng(1)
    per_document = rng.normal(0.3, 2.0, size=400)
    low, high = compare.interval(per_document * 100, np.full(400, 100))
    half = 1.96 * per_document.std() / np.sqrt(400)
    assert (low + high) / 2 == pytest.approx(per_document.mean(), abs=0.1 * half)
    assert (high - low) / 2 == pytest.approx(half, rel=0.05)


def test_long_documents_weigh_as_many_tokens_as_they_have():
    assert compare.interval(np.array([20.0, 900.0]), np.array([10, 900])) == (1.0, 2.0)
    low, high = compare.interval(np.array([0.5, 5.0, 50.0]), np.array([1, 10, 100]))
    assert low == pytest.approx(0.5)
    assert high == pytest.approx(0.5)


def test_seeds_are_paired_and_averaged(tmp_path):
    tokens = [10, 30]
    write(tmp_path, "first", 0, [10, 30], tokens)
    write(tmp_path, "first", 1, [30, 90], tokens)
    write(tmp_path, "first", 7, [999, 999], tokens)  # the other model has no such seed
    write(tmp_path, "second", 0, [15, 45], tokens)
    write(tmp_path, "second", 1, [31, 93], tokens)
    tables = [compare.read_documents(tmp_path, name) for name in ("first", "second")]
    row = compare.difference(*tables).loc["code"]
    assert row.seeds == pytest.approx([-0.5, -0.1])
    assert [row["mean"], row.low, row.high] == pytest.approx([-0.3] * 3)
    assert compare.difference(*reversed(tables)).loc["code", "mean"] == pytest.approx(0.3)
    assert compare.losses(tables[0]).loc["code", [0, 1]].to_list() == [1.0, 3.0]


def test_what_cannot_be_compared_is_refused(tmp_path):
    write(tmp_path, "first", 0, [1, 2], [1, 2])
    with pytest.raises(FileNotFoundError, match=r"no second-seed.*run training\.evaluate"):
        compare.read_documents(tmp_path, "second")
    write(tmp_path, "second", 1, [1, 2], [1, 2])
    first, second = (compare.read_documents(tmp_path, name) for name in ("first", "second"))
    with pytest.raises(ValueError, match="share no seed"):
        compare.difference(first, second)
    write(tmp_path, "first", 1, [1, 2], [2, 2])
    with pytest.raises(ValueError, match="other documents"):
        compare.read_documents(tmp_path, "first")


def test_losses_are_split_by_document_and_none_is_lost():
    ids = np.array([5, 5, 0, 5, 5, 5, 0, 0, 5, 5, 5, 5, 9], dtype=np.uint16)  # windows of 4
    losses = np.arange(9.0).reshape(3, 3)  # of ids 1 2 3, 5 6 7, 9 10 11
    table = by_document(losses, ids, end=0).set_index("document")
    assert table.tokens.to_dict() == {0: 2, 1: 3, 2: 1, 3: 3}
    assert table.nats.to_dict() == {0: 0 + 1, 1: 2 + 3 + 4, 2: 5, 3: 6 + 7 + 8}


def test_the_loss_of_a_window_is_that_of_transformers():
    model = read_recipe(RECIPE.with_name("reduced.yaml")).build("tiny-mistral-active", 0).eval()
    ids = np.arange(130, dtype=np.uint16)
    losses = token_losses(model, ids, 64)
    rows = torch.arange(128).view(2, 64)
    with torch.no_grad():
        expected = model(input_ids=rows, labels=rows).loss.item()
    assert losses.shape == (2, 63)
    assert losses.mean() == pytest.approx(expected, abs=1e-5)


def test_entropy_of_use():
    slots = np.array([[5, 5, 5, 5], [20, 0, 0, 0], [10, 10, 0, 0]])
    assert usage_entropy(slots).tolist() == [2.0, 0.0, 1.0]
