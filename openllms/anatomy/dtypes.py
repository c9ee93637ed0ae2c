"""How many bits a number takes in each format."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import torch

DType: TypeAlias = "str | torch.dtype"

_BITS = {
    "float32": 32,
    "float16": 16,
    "bfloat16": 16,
    "float8_e4m3fn": 8,
    "float8_e5m2": 8,
    "int8": 8,
    "int4": 4,
}


def bits(dtype: DType) -> int:
    """Return the bits of one number of a dtype, given as `"bfloat16"` or `torch.bfloat16`.

    Raises:
        ValueError: If the dtype is not one that weights are stored in.
    """
    name = str(dtype).removeprefix("torch.")
    if name not in _BITS:
        raise ValueError(f"unknown dtype {name!r}; use one of {', '.join(_BITS)}")
    return _BITS[name]
