"""The Llama that lesson 2 builds is the real one: its cells and last hints on other shapes."""

from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import torch
from hints import with_solutions
from torch import nn
from torch.nn import functional as F
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.models.llama.modeling_llama import (
    LlamaAttention,
    LlamaDecoderLayer,
    LlamaMLP,
    LlamaRMSNorm,
    LlamaRotaryEmbedding,
    apply_rotary_pos_emb,
)

from openllms import anatomy

PARTS = ("RMSNorm", "rope_frequencies", "rotate", "stretch", "Attention", "SwiGLU", "Block")
SHAPES = {
    "vocab_size": 300,
    "hidden_size": 96,
    "intermediate_size": 160,
    "num_hidden_layers": 3,
    "num_attention_heads": 6,
    "initializer_range": 0.1,
}
LLAMA_3 = {"rope_type": "default", "rope_theta": 500_000.0}
MEMBERS = {
    "Llama 1": {"rms_norm_eps": 1e-6},
    "Llama 2 7B": {"rms_norm_eps": 1e-5},
    "Llama 2 70B": {"num_key_value_heads": 2},
    "Llama 3": {"num_key_value_heads": 2, "rope_parameters": LLAMA_3},
    "Llama 3, one key/value head": {"num_key_value_heads": 1, "rope_parameters": LLAMA_3},
    "Llama 3.1": {"num_key_value_heads": 2, "rope_parameters": "Llama 3.1 8B"},
    "Llama 3.2, tied": {
        "num_key_value_heads": 2,
        "rope_parameters": "Llama 3.2 1B",
        "tie_word_embeddings": True,
    },
    "heads wider than hidden / heads": {"num_key_value_heads": 3, "head_dim": 32},
}
SEQUENCE = 90


@pytest.fixture(scope="module")
def lesson_2(root: Path) -> SimpleNamespace:
    """What the cells tagged "llama" define, after nothing but the imports that they need."""
    notebook = with_solutions(nbformat.read(root / "lessons/02_llama.ipynb", nbformat.NO_CONVERT))
    cells = [cell for cell in notebook.cells if "llama" in cell.metadata.get("tags", [])]
    scope = {"torch": torch, "nn": nn, "F": F}
    for cell in cells:
        exec(compile(cell.source, f"lessons/02_llama.ipynb, cell {cell.id}", "exec"), scope)
    assert {*PARTS, "Llama"} <= set(scope)
    return SimpleNamespace(**scope)


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)
    with torch.no_grad():
        yield


def config(member: str) -> LlamaConfig:
    fields = dict(MEMBERS[member])
    if isinstance(fields.get("rope_parameters"), str):
        fields["rope_parameters"] = dict(anatomy.config(fields["rope_parameters"]).rope_parameters)
    return LlamaConfig(**SHAPES | fields, attn_implementation="eager")


def reference(member: str) -> LlamaForCausalLM:
    model = LlamaForCausalLM(config(member)).eval()
    for name, weight in model.named_parameters():
        if "norm" in name:  # the library starts all of them at 1, which would hide a lost one
            weight.uniform_(0.5, 1.5)
    return model


def angles(settings: LlamaConfig, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return LlamaRotaryEmbedding(settings)(x, torch.arange(x.shape[1])[None])


def causal(length: int) -> torch.Tensor:
    return torch.full((length, length), -torch.inf).triu(1)[None, None]


@pytest.mark.parametrize("member", MEMBERS)
def test_the_whole_model(lesson_2, member):
    real = reference(member)
    ours = lesson_2.Llama(real.config)
    ours.load_state_dict(real.state_dict())
    ids = torch.randint(SHAPES["vocab_size"], (2, SEQUENCE))
    logits = real(ids).logits
    assert logits.std() > 0.1, "logits near zero would agree whatever the code"
    torch.testing.assert_close(ours(ids), logits, rtol=0, atol=1e-4)


@pytest.mark.parametrize("member", ["Llama 2 7B", "Llama 3.1"])
def test_the_same_greedy_text(lesson_2, member):
    real = reference(member)
    ours = lesson_2.Llama(real.config)
    ours.load_state_dict(real.state_dict())
    ids = torch.randint(3, SHAPES["vocab_size"], (1, 8))
    settings = {"do_sample": False, "min_new_tokens": 12, "max_new_tokens": 12, "pad_token_id": 0}
    text = real.generate(ids, attention_mask=torch.ones_like(ids), eos_token_id=None, **settings)
    for _ in range(12):
        ids = torch.cat([ids, ours(ids)[:, -1:].argmax(-1)], dim=1)
    assert ids.tolist() == text.tolist()


def test_rms_norm(lesson_2):
    real, ours = LlamaRMSNorm(96, eps=1e-5), lesson_2.RMSNorm(96, 1e-5)
    real.weight.uniform_(0.5, 1.5)
    ours.weight = real.weight
    x = torch.randn(2, 5, 96) * torch.tensor([1e-3, 1, 100, 1, 1])[:, None] + 1
    torch.testing.assert_close(ours(x), real(x))


@pytest.mark.parametrize("member", MEMBERS)
def test_rope(lesson_2, member):
    settings = config(member)
    q = torch.randn(2, 6, SEQUENCE, settings.head_dim)
    cos, sin = angles(settings, torch.zeros(2, SEQUENCE, 1))
    turned, _ = apply_rotary_pos_emb(q, q, cos, sin)
    ours = lesson_2.rotate(q, lesson_2.rope_frequencies(settings))
    torch.testing.assert_close(ours, turned, rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", ["Llama 3.1 8B", "Llama 3.1 405B", "Llama 3.2 1B"])
def test_the_stretched_frequencies_of_full_size_members(lesson_2, name):
    settings = anatomy.config(name)
    real = LlamaRotaryEmbedding(settings).inv_freq
    torch.testing.assert_close(lesson_2.rope_frequencies(settings), real)


@pytest.mark.parametrize("member", MEMBERS)
def test_attention(lesson_2, member):
    settings = config(member)
    real, ours = LlamaAttention(settings, 0), lesson_2.Attention(settings)
    ours.load_state_dict(real.state_dict())
    x = torch.randn(2, SEQUENCE, 96)
    there, _ = real(x, position_embeddings=angles(settings, x), attention_mask=causal(SEQUENCE))
    ours = ours(x, lesson_2.rope_frequencies(settings))
    torch.testing.assert_close(ours, there, rtol=0, atol=1e-5)


@pytest.mark.parametrize("member", ["Llama 2 7B", "Llama 3.1"])
def test_feed_forward_and_block(lesson_2, member):
    settings, x = config(member), torch.randn(2, SEQUENCE, 96)
    real, ours = LlamaMLP(settings), lesson_2.SwiGLU(settings)
    ours.load_state_dict(real.state_dict())
    torch.testing.assert_close(ours(x), real(x), rtol=0, atol=1e-5)

    real, ours = LlamaDecoderLayer(settings, 0), lesson_2.Block(settings)
    ours.load_state_dict(real.state_dict())
    there = real(x, attention_mask=causal(SEQUENCE), position_embeddings=angles(settings, x))
    ours = ours(x, lesson_2.rope_frequencies(settings))
    torch.testing.assert_close(ours, there, rtol=0, atol=1e-5)


def test_the_weights_are_shared_not_copied(lesson_2):
    real = reference("Llama 3.2, tied")
    with torch.device("meta"):
        ours = lesson_2.Llama(real.config)
    ours.load_state_dict(real.state_dict(), assign=True)
    there = {weight.data_ptr() for weight in real.parameters()}
    assert {weight.data_ptr() for weight in ours.parameters()} == there


def test_a_mistake_would_be_seen(lesson_2, monkeypatch):
    """The comparison has teeth: rotating neighbouring channels is far outside its tolerance."""
    real = reference("Llama 3")
    ours = lesson_2.Llama(real.config)
    ours.load_state_dict(real.state_dict())
    ids = torch.randint(SHAPES["vocab_size"], (1, SEQUENCE))
    scope = ours.model.layers[0].self_attn.forward.__func__.__globals__
    right, neighbours = scope["rotate"], [*range(0, 16, 2), *range(1, 16, 2)]
    monkeypatch.setitem(scope, "rotate", lambda x, f: right(x[..., neighbours], f))
    assert (ours(ids) - real(ids).logits).abs().max() > 1e-2
