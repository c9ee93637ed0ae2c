"""Floating-point operations of one token: what a forward pass computes."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from openllms.anatomy.cache import require_known
from openllms.anatomy.counting import on_meta, parameters

if TYPE_CHECKING:
    from transformers import PreTrainedConfig


def flops_per_token(config: PreTrainedConfig, context: int = 0) -> int:
    """Return the floating-point operations of a forward pass for one token.

    A multiplication and an addition for each weight of a matrix that the token passes through
    (Kaplan et al. 2020, arXiv 2001.08361, section 2.1: 2N), and for each token that it looks back
    at, one product with its key and one with its value in every query head. Looking up an
    embedding, norms, softmax and activations are left out, as torch's own counter does.

    Args:
        config: A configuration of the Llama, Mistral, Mixtral, Falcon, OLMo, SmolLM3 or
            Pythia family.
        context: How many tokens it attends to, itself included; 0 leaves attention's scores out.

    Returns:
        Operations for one token, the output head included. In a mixture of experts only the
        experts that a token uses count; a sliding window limits `context`.

    Raises:
        ValueError: If the architecture is not one of these or the context is negative.
    """
    require_known(config)
    if context < 0:
        raise ValueError(f"a token cannot attend to {context} tokens")
    head_dim = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    scores = 2 * 2 * config.num_attention_heads * head_dim * _looked_back_at(config, context)
    return 2 * _in_matrices(config) + scores


def _looked_back_at(config: PreTrainedConfig, context: int) -> int:
    """How many tokens one token attends to, all layers together; some have a sliding window."""
    window = getattr(config, "sliding_window", None)
    near = min(context, window) if window else context
    kinds = getattr(config, "layer_types", None) or ["sliding_attention"] * config.num_hidden_layers
    layers = kinds[: config.num_hidden_layers]
    return sum(context if kind == "full_attention" else near for kind in layers)


def flops_on_meta(config: PreTrainedConfig, tokens: int) -> int:
    """Count with torch's counter what the real class computes for a sequence, on the meta device.

    transformers computes all scores of a sequence and masks those of later tokens, so this is
    `tokens * flops_per_token(config, context=tokens)`; a kernel that skips them does less. (Up to
    version 5.15 the products that make RoPE's angles count too, less than a millionth.)

    Args:
        config: A configuration, for instance from `openllms.anatomy.config`.
        tokens: The length of the sequence.

    Returns:
        Operations of one forward pass over one sequence.
    """
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    config = deepcopy(config)
    # The other kernels of experts fail without values, or run uncounted.
    config._experts_implementation = "batched_mm"
    model = on_meta(config).eval()
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        model(torch.zeros((1, tokens), dtype=torch.long, device="meta"), use_cache=True)
    return counter.get_total_flops()


def _in_matrices(config: PreTrainedConfig) -> int:
    """Weights that one token is multiplied with: no lookup table, no norm, no bias."""
    counted = parameters(config)
    by_part, hidden = counted.by_part, config.hidden_size
    head = config.vocab_size * hidden  # a tied head is the embedding, used as a matrix
    biases = 0
    if config.model_type == "gpt_neox":  # four biases of `hidden` and two wider ones a layer
        biases = config.num_hidden_layers * (5 * hidden + config.intermediate_size)
    return (
        counted.active
        - by_part["embedding"]
        - by_part.get("norms", 0)
        - by_part.get("head", 0)
        + head
        - biases
    )
