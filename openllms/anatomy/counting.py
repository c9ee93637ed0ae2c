"""Parameters of a model, counted on the real class, and the memory that they take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openllms.anatomy.dtypes import DType, bits

if TYPE_CHECKING:
    from torch import nn
    from transformers import PreTrainedConfig, PreTrainedModel

PARTS = ("embedding", "attention", "feed_forward", "router", "norms", "head", "other")
"""The parts that `parameters` tells apart."""

# The last known word in a parameter's path decides its part. `gate` is the router of a
# mixture of experts; the gate of SwiGLU is called `gate_proj`.
_PART_OF_WORD = {
    "self_attn": "attention",
    "self_attention": "attention",
    "attention": "attention",
    "mlp": "feed_forward",
    "feed_forward": "feed_forward",
    "gate": "router",
    "router": "router",
}


@dataclass(frozen=True)
class Parameters:
    """How many parameters a model has.

    Attributes:
        total: All of them; a tensor used twice (tied embeddings) counts once.
        active: Those that one token meets. In a mixture of experts every layer uses only
            `num_experts_per_tok` of its experts for a token; the router, attention, norms and
            embeddings always take part. Without experts this is the total.
        by_part: The total by part, in the order of `PARTS`; parts without parameters are left out.
    """

    total: int
    active: int
    by_part: dict[str, int]


def on_meta(config: PreTrainedConfig) -> PreTrainedModel:
    """Build the real model class on torch's meta device: shapes without memory or values."""
    import torch
    from transformers import AutoModelForCausalLM

    # bfloat16: some of the experts' kernels take nothing else.
    with torch.device("meta"):
        return AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)


def count_on_meta(config: PreTrainedConfig) -> int:
    """Count the parameters of the real class; tied weights count once.

    Args:
        config: A configuration, for instance from `openllms.anatomy.config`.

    Returns:
        The number of parameters.
    """
    return sum(parameter.numel() for parameter in on_meta(config).parameters())


def parameters(config: PreTrainedConfig) -> Parameters:
    """Count the parameters of the real class: all, active ones, and by part.

    Args:
        config: A configuration, for instance from `openllms.anatomy.config`.

    Returns:
        The counts. With tied embeddings the head has none of its own.
    """
    model = on_meta(config)
    by_part: Counter[str] = Counter()
    in_experts = 0
    for path, module, parameter in _own_parameters(model):
        by_part[_part(path, module, model)] += parameter.numel()
        if "experts" in path.split("."):
            in_experts += parameter.numel()
    total = by_part.total()
    return Parameters(
        total=total,
        active=total - in_experts + _used(in_experts, config),
        by_part={part: by_part[part] for part in PARTS if by_part[part]},
    )


def weight_bytes(parameters: int, dtype: DType) -> int:
    """Return the memory of that many weights, in bytes.

    Args:
        parameters: The number of parameters.
        dtype: How each is stored, `"bfloat16"` or `torch.bfloat16` for instance; `"int4"` packs
            two into a byte (the scales of a quantised format are not included).

    Raises:
        ValueError: If the number is negative or the dtype is unknown.
    """
    if parameters < 0:
        raise ValueError(f"a model cannot have {parameters} parameters")
    return -(-parameters * bits(dtype) // 8)


def _own_parameters(model: nn.Module) -> Iterator[tuple[str, nn.Module, nn.Parameter]]:
    """Yield each parameter once, with the path and the module that holds it."""
    seen: set[int] = set()
    for path, module in model.named_modules():
        for name, parameter in module.named_parameters(recurse=False):
            if id(parameter) not in seen:
                seen.add(id(parameter))
                yield f"{path}.{name}", module, parameter


def _part(path: str, module: nn.Module, model: PreTrainedModel) -> str:
    if module is model.get_input_embeddings():
        return "embedding"
    if module is model.get_output_embeddings():
        return "head"
    if type(module).__name__.endswith("Norm"):
        return "norms"
    known = [_PART_OF_WORD[word] for word in path.split(".") if word in _PART_OF_WORD]
    return known[-1] if known else "other"


def _used(in_experts: int, config: PreTrainedConfig) -> int:
    """Return how many of the experts' parameters one token passes through."""
    if not in_experts:
        return 0
    experts = getattr(config, "num_local_experts", None) or config.num_experts
    return in_experts // experts * config.num_experts_per_tok
