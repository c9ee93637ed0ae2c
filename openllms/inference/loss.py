"""Held-out loss on the kit's own texts, in a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def windows(
    tokenizer: PreTrainedTokenizerBase, count: int = 4, length: int = 256, first: int = 0
) -> dict[str, torch.Tensor]:
    """Cut the kit's held-out text into windows: domain -> (count, length) tokens.

    Args:
        tokenizer: Of the model that will read them.
        count: Windows of each domain.
        length: Tokens of a window.
        first: How many windows to skip.

    Raises:
        ValueError: A domain's text does not have so many windows.
    """
    from openllms import models

    found = {}
    for domain, text in models.held_out().items():
        ids = tokenizer(text, return_tensors="pt").input_ids[0]  # (tokens,)
        if len(ids) < (first + count) * length:
            raise ValueError(f"{domain}: only {len(ids)} tokens, {first + count} x {length} asked")
        found[domain] = ids[first * length : (first + count) * length].view(count, length)
    return found


def by_domain(model: PreTrainedModel, texts: dict[str, torch.Tensor]) -> dict[str, float]:
    """Return the loss of each domain in nats a token."""
    import torch

    with torch.no_grad():
        return {domain: model(ids, labels=ids).loss.item() for domain, ids in texts.items()}


def mean(model: PreTrainedModel, texts: dict[str, torch.Tensor]) -> float:
    """Return the loss in nats a token, each domain weighing the same."""
    losses = by_domain(model, texts)
    return sum(losses.values()) / len(losses)
