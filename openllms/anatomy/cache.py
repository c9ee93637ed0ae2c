"""The KV cache: what a model keeps of every earlier token while it writes."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from openllms.anatomy.counting import on_meta
from openllms.anatomy.dtypes import DType, bits

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedConfig

# Architectures whose every layer keeps one key and one value vector per KV head and token.
_KNOWN = frozenset(
    {
        "falcon",
        "gpt_neox",
        "llama",
        "mistral",
        "mixtral",
        "olmo",
        "olmo2",
        "olmo3",
        "olmoe",
        "smollm3",
    }
)


def kv_cache_bytes_per_token(config: PreTrainedConfig, dtype: DType) -> int:
    """Return what the architecture has to keep for one token of one sequence, in bytes.

    That is `2 * layers * key_value_heads * head_dim * bytes`: a key and a value in each layer
    (Shazeer 2019, arXiv 1911.02150, section 2.4, for all heads; section 3 for shared ones).
    An implementation may keep more: see `stored_kv_cache_bytes_per_token`.

    Args:
        config: A configuration of the Llama, Mistral, Mixtral, Falcon, OLMo, SmolLM3 or
            Pythia family.
        dtype: The dtype of the cache, `"bfloat16"` or `torch.bfloat16` for instance.

    Returns:
        Bytes per token. A sliding window limits how many tokens are kept, not the bytes of one.

    Raises:
        ValueError: If the architecture keeps something else or the dtype is unknown.
    """
    require_known(config)
    head_dim = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    values = 2 * config.num_hidden_layers * _key_value_heads(config) * head_dim
    return values * bits(dtype) // 8


def stored_kv_cache_bytes_per_token(config: PreTrainedConfig, dtype: DType) -> int:
    """Measure what transformers really stores for one token of one sequence, in bytes.

    The real class reads one token on the meta device, and the tensors in its cache are counted.
    Falcon-40B is why this exists: transformers copies each of its 8 key-value heads to all 128
    query heads before it stores them, 16 times what the architecture needs.

    Args:
        config: A configuration, for instance from `openllms.anatomy.config`.
        dtype: The dtype of the cache, `"bfloat16"` or `torch.bfloat16` for instance.

    Returns:
        Bytes per token.

    Raises:
        ValueError: If the dtype is unknown.
    """
    import torch
    from transformers import DynamicCache

    model = on_meta(config).eval()
    cache = DynamicCache()
    # The argument was renamed; the old name warns in later versions.
    takes = inspect.signature(model.forward).parameters
    argument = "cache" if "cache" in takes else "past_key_values"
    token = torch.zeros((1, 1), dtype=torch.long, device="meta")  # (batch, sequence)
    with torch.no_grad():
        model(token, **{argument: cache})
    return sum(tensor.numel() for tensor in _tensors(cache)) * bits(dtype) // 8


def cache_of(outputs: Any) -> Any:
    """Read the KV cache from what a model returned, in every supported version of transformers.

    Newer versions call it `cache` and warn at the old name `past_key_values`; older ones know only
    the old name.

    Args:
        outputs: What a causal language model of transformers returned, with `use_cache=True`.

    Returns:
        The cache; `cache.layers[i].keys` and `.values` are the tensors of layer i, of shape
        (batch, key_value_heads, tokens, head_dim).

    Raises:
        ValueError: If the outputs hold none.
    """
    for name in ("cache", "past_key_values"):
        if outputs.get(name) is not None:
            return outputs[name]
    raise ValueError("these outputs hold no cache: call the model with use_cache=True")


def cache_bytes(cache: Any) -> int:
    """Return the memory of all keys and values in a cache, in bytes."""
    return sum(tensor.numel() * tensor.element_size() for tensor in _tensors(cache))


def require_known(config: PreTrainedConfig) -> None:
    """Raise ValueError if no formula is known for an architecture."""
    if config.model_type not in _KNOWN:
        raise ValueError(
            f"no formula for {config.model_type!r}, only for "
            f"{', '.join(sorted(_KNOWN))}; stored_kv_cache_bytes_per_token measures any model"
        )


def _tensors(cache: Any) -> Iterator[torch.Tensor]:
    for layer in cache.layers:
        yield from (layer.keys, layer.values)


def _key_value_heads(config: PreTrainedConfig) -> int:
    if config.model_type != "falcon":
        return getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    if config.new_decoder_architecture:
        return config.num_kv_heads
    return 1 if config.multi_query else config.num_attention_heads
