"""The training code itself, end to end and reduced: corpus, tokens, training, evaluation."""

import json
import subprocess
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from transformers.models.mixtral.modeling_mixtral import load_balancing_loss_func

from training.compare import HEADS
from training.corpus import arithmetic
from training.corpus.build import write_domain
from training.corpus.clean import Deduplicator
from training.evaluate import held_out_losses
from training.recipe import RECIPE, read_recipe
from training.train import training_loss

ROOT = Path(__file__).parents[2]
REDUCED = ROOT / "training" / "reduced.yaml"


def module(name: str, *arguments: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", f"training.{name}", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def texts(words: str, count: int = 160):
    """Distinct documents of a domain with a vocabulary of its own."""
    rng = np.random.default_rng(0)
    vocabulary = words.split()
    for _ in range(count):
        yield " ".join(rng.choice(vocabulary, size=150))


@pytest.fixture(scope="module")
def tokens(tmp_path_factory):
    corpus = tmp_path_factory.mktemp("corpus")
    domains = {
        "english": texts("the a small open model reads writes text and then it learns from us"),
        "portuguese": texts(
            "o um pequeno modelo aberto que escreve texto e depois aprende conosco"
        ),
        "code": texts("def return for in if else: x = y + 1 ( ) [ ] print class self import"),
        "arithmetic": arithmetic.documents(160),
    }
    for domain, raw in domains.items():
        write_domain(domain, Deduplicator().unique(raw), corpus)
    out = tmp_path_factory.mktemp("tokens")
    for domain in domains:  # a corpus of 160 documents may have no held-out one by chance
        held_out = corpus / f"{domain}.held_out.jsonl"
        lines = (corpus / f"{domain}.train.jsonl").read_text().splitlines(keepends=True)
        held_out.write_text("".join(islice(lines, 4)))
        (corpus / f"{domain}.train.jsonl").write_text("".join(lines[4:]))
    done = module("tokens", corpus, out, "--recipe", REDUCED)
    assert done.returncode == 0, done.stderr
    return out


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["tiny-mixtral", "tiny-mixtral-layerwise", "tiny-mistral-active", "tiny-mistral-mqa"]
)
def test_a_stopped_run_goes_on_and_ends_like_an_undisturbed_one(name, tokens, tmp_path):
    options = ["--data", tokens, "--recipe", REDUCED]
    stopped = module("train", name, *options, "--out", tmp_path / "a", "--limit", "0")
    assert stopped.returncode == 3, stopped.stderr
    assert "goes on from here" in stopped.stdout
    for out in ("a", "b"):
        done = module("train", name, *options, "--out", tmp_path / out)
        assert done.returncode == 0, done.stderr
    run = f"{name}-seed0"
    weights = [tmp_path / out / run / "model" / "model.safetensors" for out in ("a", "b")]
    assert weights[0].read_bytes() == weights[1].read_bytes()
    done = module("evaluate", tokens, tmp_path / "a" / run, "--recipe", REDUCED)
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "a" / run / "evaluation.json").read_text())
    documents = pd.read_csv(tmp_path / "a" / run / "documents.csv")
    sums = documents.groupby("domain")[["nats", "tokens"]].sum()
    assert (sums.nats / sums.tokens).to_dict() == pytest.approx(found["nats_per_token"], abs=1e-3)
    curve = pd.read_csv(tmp_path / "a" / run / "curve.csv")
    assert curve.step.to_list() == [20, 40, 60]
    assert ("expert_slots" in found) == ("entropy_bits_layer_1" in curve) == ("mixtral" in name)
    untrained = read_recipe(REDUCED).build(name, seed=0)
    held_out = {d: np.load(tokens / f"{d}.held_out.npy") for d in found["nats_per_token"]}
    before = held_out_losses(untrained, held_out, sequence=64)
    for domain, loss in found["nats_per_token"].items():
        assert loss < before[domain] - 1, f"{domain}: {before[domain]} -> {loss}"


SHIPPED = ("tiny-mixtral", "tiny-mistral-active", "tiny-mistral-total")
FEED_FORWARD = {  # what may differ between the three
    *("model_type", "architectures", "intermediate_size", "num_local_experts"),
    *("num_experts_per_tok", "router_aux_loss_coef", "router_jitter_noise"),
    "output_router_logits",
}


@pytest.fixture(scope="module")
def built():
    recipe = read_recipe(RECIPE)
    return {name: recipe.build(name, 0) for name in SHIPPED}


def test_nothing_but_the_feed_forward_part_differs(built):
    configs = [model.config.to_dict() for model in built.values()]
    for key in set().union(*configs) - FEED_FORWARD:
        assert len({str(config.get(key)) for config in configs}) == 1, key
    shapes = [
        {n: w.shape for n, w in model.named_parameters() if ".mlp." not in n}
        for model in built.values()
    ]
    assert shapes[0] == shapes[1] == shapes[2]


def test_models_that_differ_in_key_value_heads_match_in_parameters():
    built = {name: read_recipe(RECIPE).build(name, 0) for name in HEADS}
    assert [model.config.num_key_value_heads for model in built.values()] == [6, 2, 1]
    counts = [sum(p.numel() for p in model.parameters()) for model in built.values()]
    assert max(counts) / min(counts) - 1 < 0.001
    configs = [model.config.to_dict() for model in built.values()]
    for key in set(configs[0]) - {"num_key_value_heads", "intermediate_size"}:
        assert len({str(config[key]) for config in configs}) == 1, key


def test_layers_are_balanced_one_by_one_where_the_recipe_says_so():
    model = read_recipe(REDUCED).build("tiny-mixtral-layerwise", 0)
    ids = torch.arange(64)[None]
    plain = model(input_ids=ids, labels=ids)
    layers = [load_balancing_loss_func((x,), 4, 2).item() for x in plain.router_logits]
    expected = plain.loss.item() + 0.02 * sum(layers) / len(layers)
    assert training_loss(model, ids).item() == pytest.approx(expected)
    model.config.layer_aux_loss_coef = 0.0
    assert training_loss(model, ids).item() == pytest.approx(plain.loss.item())


def test_the_rotary_frequencies_are_the_same_and_those_of_the_recipe(built):
    frequencies = [model.model.rotary_emb.inv_freq for model in built.values()]
    assert frequencies[0].shape == (16,)
    expected = 10_000 ** -(torch.arange(0, 32, 2) / 32)
    for found in frequencies:
        torch.testing.assert_close(found, expected)


def test_all_matrices_begin_with_the_same_spread(built):
    for name, model in built.items():
        for part, weight in model.named_parameters():
            if weight.dim() > 1:
                assert weight.std().item() == pytest.approx(0.02, rel=0.1), f"{name}: {part}"


def test_the_shapes_match_in_active_and_in_total_parameters(built):
    moe, active, total = built.values()
    count = {m: sum(p.numel() for p in m.parameters()) for m in (moe, active, total)}
    experts = sum(p.numel() for n, p in moe.named_parameters() if ".experts." in n)
    router = sum(p.numel() for n, p in moe.named_parameters() if n.endswith("mlp.gate.weight"))
    config = moe.config
    at_work = count[moe] - experts * (1 - config.num_experts_per_tok / config.num_local_experts)
    assert at_work - router == count[active]
    assert count[moe] - router == count[total]
    assert 2 * sum(count.values()) <= 30e6, "the three together must fit in 30 MB in half precision"
