"""Held-out loss on the kit's own texts, in a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from openllms.inference.bits import Rounding


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


def after(
    model: PreTrainedModel, ids: torch.Tensor, prefix: int, change: Rounding | None = None
) -> float:
    """Return the loss of the tokens after a prefix that is read from the cache, in nats a token.

    Args:
        model: A causal language model.
        ids: (batch, tokens).
        prefix: How many tokens lie in the cache.
        change: Is applied to the keys and values of each layer: (batch, heads, tokens, head_dim).
    """
    import torch

    from openllms.anatomy import cache_of
    from openllms.serving import cache_argument

    with torch.no_grad():
        cache = cache_of(model(ids[:, :prefix], use_cache=True))
        if change is not None:
            for layer in cache.layers:
                layer.keys, layer.values = change(layer.keys), change(layer.values)
        logits = model(ids[:, prefix:], **{cache_argument(model): cache}).logits[:, :-1]
    wanted = ids[:, prefix + 1 :]
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), wanted.flatten()).item()
