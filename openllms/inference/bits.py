"""Weights in fewer bits: what a rounding rule does to a model, and what it really takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

Rounding = Callable[["torch.Tensor"], "torch.Tensor"]


def bits_per_weight(bits: int, block: int, stored: int = 1, stored_bits: int = 16) -> float:
    """Return the bits of a weight with its share of what is stored beside each block.

    Args:
        bits: Of a weight's code.
        block: Weights that share a scale.
        stored: Numbers beside each block: 1 for a scale, 2 for a scale and a minimum.
        stored_bits: Bits of each of these.
    """
    return bits + stored * stored_bits / block


@contextmanager
def rounded(model: PreTrainedModel, rounding: Rounding) -> Iterator[PreTrainedModel]:
    """Let a model work with rounded weights inside a `with` block; the old ones come back after.

    All matrices of its layers are rounded; embeddings, output head and norms stay, as in most
    quantised releases.

    Args:
        model: A causal language model.
        rounding: Takes a weight and returns one of the same shape.
    """
    import torch

    layers = [
        layer
        for name, layer in model.named_modules()
        if isinstance(layer, torch.nn.Linear) and "lm_head" not in name
    ]
    kept = [layer.weight.data for layer in layers]
    try:
        for layer in layers:
            layer.weight.data = rounding(layer.weight.data)
        yield model
    finally:
        for layer, weight in zip(layers, kept, strict=True):
            layer.weight.data = weight
