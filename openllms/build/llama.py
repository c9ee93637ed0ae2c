"""What lesson 2, `lessons/02_llama.ipynb`, lets one build."""

from typing import Any

import torch
from torch import Tensor
from transformers import LlamaForCausalLM
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

from openllms.build.engine import Build
from openllms.build.solutions import llama as solutions

Cases = dict[str, tuple[tuple[Any, ...], Any]]


def _rotate_cases(model: LlamaForCausalLM) -> Cases:
    """Queries of the first block, turned by transformers at the first and at later positions."""
    x = model.model.embed_tokens(torch.arange(100, 112)[None])  # (1, tokens, hidden)
    q = _heads(model, model.model.layers[0].self_attn.q_proj(x))
    frequencies = model.model.rotary_emb.inv_freq

    def turned(start: int) -> Tensor:
        cos, sin = model.model.rotary_emb(x, start + torch.arange(x.shape[1])[None])
        return apply_rotary_pos_emb(q, q, cos, sin)[0]

    return {
        "text": ((q, frequencies), turned(0)),
        "later": ((q, frequencies, 40), turned(40)),
    }


def _heads(model: LlamaForCausalLM, x: Tensor) -> Tensor:
    return x.unflatten(-1, (-1, model.config.head_dim)).transpose(1, 2)


def _neighbours(x: Tensor, frequencies: Tensor, start: int = 0) -> Tensor:
    halves = torch.cat([x[..., ::2], x[..., 1::2]], dim=-1)
    return solutions.rotate(halves, frequencies, start).unflatten(-1, (2, -1)).mT.flatten(-2)


rotate = Build(
    "02_llama",
    solutions.rotate,
    _rotate_cases,
    {
        "sign": lambda x, f, start=0: solutions.rotate(x, -f, start),
        "neighbours": _neighbours,
        "start": lambda x, f, start=0: solutions.rotate(x, f),
        "one": lambda x, f, start=0: solutions.rotate(x, f, start + 1),
    },
)
