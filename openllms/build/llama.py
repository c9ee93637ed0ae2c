"""What lesson 2, `lessons/02_llama.ipynb`, lets one build."""

from functools import partial
from math import exp, log
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from transformers import LlamaForCausalLM
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb, eager_attention_forward

from openllms.anatomy import cache_of
from openllms.build.engine import Build
from openllms.build.solutions import llama as solutions

Cases = dict[str, tuple[tuple[Any, ...], Any]]
LESSON = "02_llama"
IDS = torch.arange(100, 112)[None]  # (1, 12): any text does


def _heads(model: LlamaForCausalLM) -> tuple[Tensor, Tensor, Tensor]:
    """Queries, keys and values of the first block before rotation: (1, heads, tokens, head_dim)."""
    block = model.model.layers[0]
    x = block.input_layernorm(model.model.embed_tokens(IDS))
    attention = block.self_attn
    q, k, v = (
        project(x).unflatten(-1, (-1, model.config.head_dim)).transpose(1, 2)
        for project in (attention.q_proj, attention.k_proj, attention.v_proj)
    )
    return q, k, v


def _turned(model: LlamaForCausalLM, q: Tensor, k: Tensor, start: int = 0) -> tuple[Tensor, Tensor]:
    cos, sin = model.model.rotary_emb(q, start + torch.arange(q.shape[2])[None])
    return apply_rotary_pos_emb(q, k, cos, sin)


def _attention(model: LlamaForCausalLM, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """What transformers' attention gives for the queries of the last tokens."""
    later = torch.full((q.shape[2], k.shape[2]), -torch.inf).triu(1 + k.shape[2] - q.shape[2])
    layer, scale = model.model.layers[0].self_attn, q.shape[-1] ** -0.5
    return eager_attention_forward(layer, q, k, v, later[None, None], scale)[0].transpose(1, 2)


def _rotate_cases(model: LlamaForCausalLM) -> Cases:
    q, _, _ = _heads(model)
    frequencies = model.model.rotary_emb.inv_freq
    return {
        "text": ((q, frequencies), _turned(model, q, q)[0]),
        "later": ((q, frequencies, 40), _turned(model, q, q, 40)[0]),
    }


def _neighbours(x: Tensor, frequencies: Tensor, start: int = 0) -> Tensor:
    halves = torch.cat([x[..., ::2], x[..., 1::2]], dim=-1)
    return solutions.rotate(halves, frequencies, start).unflatten(-1, (2, -1)).mT.flatten(-2)


rotate = Build(
    LESSON,
    solutions.rotate,
    _rotate_cases,
    {
        "sign": lambda x, f, start=0: solutions.rotate(x, -f, start),
        "neighbours": _neighbours,
        "start": lambda x, f, start=0: solutions.rotate(x, f),
        "one": lambda x, f, start=0: solutions.rotate(x, f, start + 1),
    },
)


def _attend_cases(model: LlamaForCausalLM) -> Cases:
    q, k, v = _heads(model)
    q, k = _turned(model, q, k)
    last = q[:, :, -2:]
    return {
        "text": ((q, k, v), _attention(model, q, k, v)),
        "last": ((last, k, v), _attention(model, last, k, v)),
    }


def _attend(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    diagonal: int | None = 1,
    softmax: int = -1,
    tiled: bool = False,
) -> Tensor:
    """Attention with its usual slips, to be switched on."""
    sharing = q.shape[1] // k.shape[1]
    if tiled:
        k, v = k.repeat(1, sharing, 1, 1), v.repeat(1, sharing, 1, 1)
    else:
        k, v = k.repeat_interleave(sharing, 1), v.repeat_interleave(sharing, 1)
    scores = q @ k.mT / q.shape[-1] ** 0.5
    if diagonal is not None:
        later = torch.ones_like(scores, dtype=torch.bool).triu(diagonal)
        scores = scores.masked_fill(later, -torch.inf)
    return scores.softmax(softmax) @ v


def _past(q: Tensor, k: Tensor) -> int:
    return k.shape[2] - q.shape[2]


attend = Build(
    LESSON,
    solutions.attend,
    _attend_cases,
    {
        "future": lambda q, k, v: _attend(q, k, v, None),
        "next": lambda q, k, v: _attend(q, k, v, 2 + _past(q, k)),
        "itself": lambda q, k, v: _attend(q, k, v, _past(q, k)),
        "scale": lambda q, k, v: solutions.attend(q * q.shape[-1] ** 0.5, k, v),
        "heads": lambda q, k, v: _attend(q, k, v, 1 + _past(q, k), tiled=True),
        "axis": lambda q, k, v: _attend(q, k, v, 1 + _past(q, k), softmax=-2),
        "last": lambda q, k, v: _attend(q, k, v, 1),
    },
)


def _swiglu_cases(model: LlamaForCausalLM) -> Cases:
    block = model.model.layers[0]
    mlp = block.mlp
    x = block.post_attention_layernorm(model.model.embed_tokens(IDS))
    weights = mlp.gate_proj.weight, mlp.up_proj.weight, mlp.down_proj.weight
    return {"text": ((x, *weights), mlp(x)), "one": ((x[0, 0], *weights), mlp(x[0, 0]))}


swiglu = Build(
    LESSON,
    solutions.swiglu,
    _swiglu_cases,
    {
        "branch": lambda x, gate, up, down: solutions.swiglu(x, up, gate, down),
        "product": lambda x, gate, up, down: F.silu((x @ gate.T) * (x @ up.T)) @ down.T,
        "sigmoid": lambda x, gate, up, down: ((x @ gate.T).sigmoid() * (x @ up.T)) @ down.T,
        "sum": lambda x, gate, up, down: (F.silu(x @ gate.T) + x @ up.T) @ down.T,
        "ungated": lambda x, gate, up, down: ((x @ gate.T) * (x @ up.T)) @ down.T,
    },
)


def _step_cases(model: LlamaForCausalLM) -> Cases:
    """The last token of the text, with the cache that the real model keeps of the others."""
    q, k, v = _heads(model)
    layer = cache_of(model(IDS[:, :-1], use_cache=True)).layers[0]
    turned_q, turned_k = _turned(model, q, k)
    heard = _attention(model, turned_q[:, :, -1:], turned_k, v)
    new = q[:, :, -1:], k[:, :, -1:], v[:, :, -1:]
    frequencies = model.model.rotary_emb.inv_freq
    return {"step": ((*new, layer.keys, layer.values, frequencies), (heard, turned_k, v))}


def _step(
    slip: str, q: Tensor, k: Tensor, v: Tensor, past_k: Tensor, past_v: Tensor, f: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """A decoding step with one slip."""
    past = past_k.shape[2]
    position = {"zero": 0, "one": past + 1}.get(slip, past)
    turned_q, turned_k = solutions.rotate(q, f, position), solutions.rotate(k, f, position)
    new_k = k if slip == "raw" else turned_k
    keys, values = torch.cat([past_k, new_k], dim=2), torch.cat([past_v, v], dim=2)
    if slip == "again":
        keys = solutions.rotate(torch.cat([past_k, k], dim=2), f)
    if slip == "past":
        return solutions.attend(turned_q, past_k, past_v), keys, values
    return solutions.attend(turned_q, keys, values), keys, values


decode_step = Build(
    LESSON,
    solutions.decode_step,
    _step_cases,
    {
        **{slip: partial(_step, slip) for slip in ("zero", "one", "raw", "again", "past")},
        "lost": lambda q, k, v, past_k, past_v, f: (
            solutions.decode_step(q, k, v, past_k, past_v, f)[0],
            past_k,
            past_v,
        ),
    },
)


def _dpo_cases(reference: Tensor) -> Cases:
    """Pairs of answers whose log-probabilities the real model gave, before and after a shift."""
    preferred, other = torch.tensor([0, 0, 1]), torch.tensor([1, 1, 0])
    moved = reference.clone()
    moved[0] += 2.0
    # The margins are 2, 2 and -2 then; a loss is log(1 + exp(-beta * margin)).
    losses = [log(1 + exp(-0.5 * margin)) for margin in (2, 2, -2)]
    return {
        "start": ((reference, reference, preferred, other, 0.5), torch.tensor(log(2))),
        "moved": ((moved, reference, preferred, other, 0.5), torch.tensor(sum(losses) / 3)),
    }


def _loss(margin: Tensor, beta: float) -> Tensor:
    return -F.logsigmoid(beta * margin).mean()


dpo_loss = Build(
    LESSON,
    solutions.dpo_loss,
    _dpo_cases,
    {
        "reference": lambda p, r, w, o, beta: _loss(p[w] - p[o], beta),
        "swapped": lambda p, r, w, o, beta: solutions.dpo_loss(p, r, o, w, beta),
        "sign": lambda p, r, w, o, beta: -solutions.dpo_loss(p, r, w, o, beta),
        "beta": lambda p, r, w, o, beta: solutions.dpo_loss(p, r, w, o, 1.0),
        "outside": lambda p, r, w, o, beta: beta * solutions.dpo_loss(p, r, w, o, 1.0),
        "sigmoid": lambda p, r, w, o, beta: -(beta * ((p - r)[w] - (p - r)[o])).sigmoid().mean(),
        "sum": lambda p, r, w, o, beta: len(w) * solutions.dpo_loss(p, r, w, o, beta),
    },
)
