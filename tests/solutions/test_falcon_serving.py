"""Assignment 4's worked solutions against the real classes: what its tests take for right, is."""

from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import DeepseekV3Config, FalconConfig, FalconForCausalLM
from transformers.models.falcon.modeling_falcon import FalconAttention

from openllms import anatomy

BLOCK = {"vocab_size": 90, "hidden_size": 48, "num_hidden_layers": 3, "num_attention_heads": 6}
OLD = [
    {**BLOCK, "multi_query": multi_query, "parallel_attn": parallel, "bias": bias}
    for multi_query in (True, False)
    for parallel in (True, False)
    for bias in (True, False)
]
NEW = [
    {**BLOCK, "new_decoder_architecture": True, "num_kv_heads": groups, **norms}
    for groups in (1, 2, 6)
    for norms in ({}, {"num_ln_in_parallel_attn": 1}, {"num_ln_in_parallel_attn": 2})
]
MORE = [
    {},
    {"tie_word_embeddings": False},
    {"ffn_hidden_size": 50, "bias": True},
    {"num_kv_heads": 3, "tie_word_embeddings": True},
]
FALCONS = ["Falcon-7B", "Falcon-40B", "Falcon-180B"]


@pytest.fixture(scope="module")
def worked(root: Path) -> SimpleNamespace:
    """The functions of the worked version."""
    path = root / "solutions" / "04_falcon_serving" / "04_falcon_serving.ipynb"
    names: dict[str, object] = {}
    for cell in nbformat.read(path, as_version=4).cells:
        mark = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and not mark.get("grade"):
            exec(cell.source, names)
    return SimpleNamespace(**names)


def on_meta(config: dict) -> int:
    with torch.device("meta"):
        return sum(one.numel() for one in FalconForCausalLM(FalconConfig(**config)).parameters())


@pytest.mark.parametrize("more", MORE, ids=str)
@pytest.mark.parametrize("config", OLD + NEW, ids=lambda config: str([*config.values()][4:]))
def test_parameters_are_those_of_the_real_class(worked, config, more):
    config = {**more, **config}
    assert worked.parameters(config) == on_meta(config)


@pytest.mark.parametrize("name", FALCONS)
def test_released_falcons(worked, name):
    config = anatomy.config(name)
    assert worked.parameters(config.to_dict()) == anatomy.count_on_meta(config)


@pytest.mark.parametrize(
    ("more", "groups"),
    [
        ({"new_decoder_architecture": True, "num_kv_heads": 2}, 2),
        ({"multi_query": True}, 1),
        ({"multi_query": False}, 6),
    ],
)
def test_heads_are_split_as_by_the_real_class(worked, more, groups):
    attention = FalconAttention(FalconConfig(**BLOCK, **more), layer_idx=0)
    fused = torch.randn(2, 5, (6 + 2 * groups) * 8)
    mine = worked.split_heads(fused, 6, groups)
    for own, real in zip(mine, attention._split_heads(fused), strict=True):
        assert torch.equal(own.repeat_interleave(real.shape[2] // own.shape[2], 2), real)


def test_a_pooled_matrix_computes_with_the_mean_heads(worked):
    weight, hidden = torch.randn((6 + 2 * 6) * 8, 48), torch.randn(4, 48)
    query, key, value = worked.split_heads(hidden @ weight.T, 6, 6)
    pooled = worked.split_heads(hidden @ worked.pool_groups(weight, 6, 6, 2).T, 6, 2)
    means = [part.unflatten(1, (2, 3)).mean(2) for part in (key, value)]
    for one, other in zip(pooled, (query, *means), strict=True):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("name", ["Falcon-7B", "Falcon-40B", "Llama-2-7B", "Mistral-7B-v0.1"])
def test_the_cache_is_the_kit_s(worked, name):
    config = anatomy.config(name)
    shape = {**config.to_dict(), "head_dim": config.hidden_size // config.num_attention_heads}
    if config.model_type == "falcon":
        grouped = config.new_decoder_architecture
        shape["num_key_value_heads"] = config.num_kv_heads if grouped else 1
    expected = anatomy.kv_cache_bytes_per_token(config, "bfloat16")
    assert worked.cache_bytes(shape, 1) == expected
    window = getattr(config, "sliding_window", None)
    assert worked.cache_bytes(shape, 10_000) == min(10_000, window or 10_000) * expected


def test_the_latent_cache_of_the_released_model(worked):
    """DeepSeek-V2, section 2.1 and table 1: (512 + 64) numbers a layer, here of V3's 61 layers."""
    shape = {**DeepseekV3Config().to_dict(), "head_dim": 192}
    assert worked.cache_bytes(shape, 1) == 61 * 576 * 2 == 70_272


@pytest.mark.parametrize("sizes", [(7,), (3, 4), (1, 1, 5), (2, 0, 5)])
def test_merged_parts_are_the_library_s_attention(worked, sizes):
    query, key, value = torch.randn(4, 8), torch.randn(7, 8), torch.randn(7, 8)
    mask = torch.rand(4, 7) < 0.6
    mask[:, 0] = True
    scores = (query @ key.T / 8**0.5).masked_fill(~mask, float("-inf"))
    part, *others = (
        worked.attend(some, values)
        for some, values in zip(scores.split(sizes, 1), value.split(sizes), strict=True)
    )
    for other in others:
        part = worked.merge(other, part)
    expected = scaled_dot_product_attention(query[None], key[None], value[None], mask)[0]
    torch.testing.assert_close(part[0], expected)


def test_guessing_and_checking_leaves_the_distribution_of_the_large_model(worked):
    """A hundred thousand drafts, kept with probability min(1, p / q) or replaced."""
    torch.manual_seed(0)
    p, q = torch.tensor([0.5, 0.3, 0.15, 0.05]), torch.tensor([0.2, 0.2, 0.5, 0.1])
    drafts = torch.multinomial(q, 100_000, replacement=True)
    kept = torch.rand(len(drafts)) < (p / q)[drafts]
    replaced = torch.multinomial(worked.residual(p, q), len(drafts), replacement=True)
    shares = torch.where(kept, drafts, replaced).bincount() / len(drafts)
    torch.testing.assert_close(shares, p, atol=0.006, rtol=0)  # about four standard errors
    tokens = worked.speculate([kept.float().mean().item()], 0.0)["tokens"]
    assert tokens == pytest.approx(1 + torch.minimum(p, q).sum().item(), abs=0.006)
