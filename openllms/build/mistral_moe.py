"""What lesson 3, `lessons/03_mistral_moe.ipynb`, lets one build."""

from functools import partial
from typing import Any

import torch
from torch import Tensor
from transformers.models.mixtral.modeling_mixtral import (
    MixtralSparseMoeBlock,
    load_balancing_loss_func,
)

from openllms.build.engine import Build
from openllms.build.solutions import mistral_moe as solutions

Cases = dict[str, tuple[tuple[Any, ...], Any]]
LESSON = "03_mistral_moe"


def _weights(block: MixtralSparseMoeBlock) -> tuple[Tensor, Tensor, Tensor]:
    return (
        block.gate.weight.detach(),
        block.experts.gate_up_proj.detach(),
        block.experts.down_proj.detach(),
    )


def _choose_cases(block: MixtralSparseMoeBlock, x: Tensor) -> Cases:
    router = _weights(block)[0]
    with torch.no_grad():
        _, weights, chosen = block.gate(x)
    alone = torch.ones(len(x), 1)
    return {
        "text": ((x, router), (weights, chosen)),
        "best": ((x, router, 1), (alone, chosen[:, :1])),
    }


def _slipped(slip: str, x: Tensor, router: Tensor, top_k: int = 2) -> tuple[Tensor, Tensor]:
    """The router's choice with one slip."""
    scores = x @ router.T
    best, chosen = scores.topk(top_k, largest=slip != "smallest")
    if slip == "all":
        return scores.softmax(-1).gather(-1, chosen), chosen
    if slip == "tokens":
        return best.softmax(0), chosen
    if slip == "shares":
        return best / best.sum(-1, keepdim=True), chosen
    if slip == "raw":
        return best, chosen
    return best.softmax(-1), chosen


_CHOICES = ("all", "tokens", "shares", "raw", "smallest")

choose = Build(
    LESSON,
    solutions.choose,
    _choose_cases,
    {
        **{
            slip: partial(_slipped, slip) for slip in ("all", "tokens", "shares", "raw", "smallest")
        },
        "swapped": lambda x, router, k=2: solutions.choose(x, router, k)[::-1],
        "two": lambda x, router, k=2: solutions.choose(x, router),
    },
)


def _layer_cases(block: MixtralSparseMoeBlock, x: Tensor) -> Cases:
    """What transformers' layer gives, for the states of a text and where an expert is idle."""
    few = x[:3]
    with torch.no_grad():
        return {
            "text": ((x, *_weights(block)), block(x[None])[0]),
            "few": ((few, *_weights(block)), block(few[None])[0]),
        }


def _layer(slip: str, x: Tensor, router: Tensor, up_gate: Tensor, down: Tensor) -> Tensor:
    """A mixture layer with one slip."""
    weights, chosen = solutions.choose(x, router)
    if slip == "equal":
        weights = torch.ones_like(weights)
    if slip == "best":
        weights, chosen = weights[:, :1], chosen[:, :1]
    if slip == "last":
        weights, chosen = weights[:, 1:], chosen[:, 1:]
    if slip == "place":
        chosen = torch.arange(2).expand_as(chosen)
    if slip == "all":
        weights, chosen = (x @ router.T).softmax(-1), torch.arange(len(router)).expand(len(x), -1)
    if slip == "swapped":
        weights = weights.flip(-1)
    output = torch.zeros_like(x)
    for place in range(chosen.shape[1]):
        number = chosen[:, place]
        said = [
            solutions.expert(*one) for one in zip(x, up_gate[number], down[number], strict=True)
        ]
        output += weights[:, place, None] * torch.stack(said)
    return output


_SLIPS = ("equal", "best", "last", "place", "all", "swapped")


mixture_layer = Build(
    LESSON, solutions.mixture_layer, _layer_cases, {slip: partial(_layer, slip) for slip in _SLIPS}
)


def _gathered(slip: str, x: Tensor, router: Tensor, up_gate: Tensor, down: Tensor) -> Tensor:
    """Dispatch and combine with one slip."""
    weights, chosen = solutions.choose(x, router)
    output = torch.zeros_like(x)
    for number in range(len(router)):
        token, place = (chosen == number).nonzero(as_tuple=True)
        said = solutions.expert(x[token], up_gate[number], down[number])
        weight = weights[token, 0 if slip == "first" else place, None]
        if slip == "overwrites":
            output[token] = weight * said
        elif slip == "order":
            output[: len(said)] += weight * said
        else:
            output.index_add_(0, token, weight * said)
    return output


grouped_layer = Build(
    LESSON,
    solutions.grouped_layer,
    _layer_cases,
    {
        **{slip: partial(_gathered, slip) for slip in ("overwrites", "first", "order")},
        "equal": partial(_layer, "equal"),
    },
)


def _balance_cases(block: MixtralSparseMoeBlock, x: Tensor) -> Cases:
    """The loss that transformers computes, of real scores and of experts that nobody chooses."""
    logits = x @ _weights(block)[0].T
    idle = torch.tensor([[9.0, 8.0, *[-9.0] * 6]] * 20)
    return {
        "text": ((logits,), load_balancing_loss_func((logits,), 8, 2)),
        "idle": ((idle,), load_balancing_loss_func((idle,), 8, 2)),
    }


def _share(logits: Tensor, top_k: int) -> Tensor:
    chosen = logits.topk(top_k).indices.flatten()
    return chosen.bincount(minlength=logits.shape[-1]) / len(logits)


balance_loss = Build(
    LESSON,
    solutions.balance_loss,
    _balance_cases,
    {
        "slots": lambda logits, k=2: solutions.balance_loss(logits, k) / k,
        "experts": lambda logits, k=2: solutions.balance_loss(logits, k) / logits.shape[-1],
        "mean": lambda logits, k=2: (_share(logits, k) * logits.softmax(-1).mean(0)).mean(),
        "shares": lambda logits, k=2: logits.shape[-1] * _share(logits, k).square().sum(),
        "scores": lambda logits, k=2: logits.shape[-1] * (_share(logits, k) * logits.mean(0)).sum(),
        "tokens": lambda logits, k=2: (
            logits.shape[-1] * (_share(logits, k) * logits.softmax(0).mean(0)).sum()
        ),
        "first": lambda logits, k=2: solutions.balance_loss(logits, 1),
    },
)
