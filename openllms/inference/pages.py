"""A KV cache in pages: blocks of a fixed size, and a table that says where a text's tokens lie."""

from __future__ import annotations

from collections.abc import Sequence


def reserved(lengths: Sequence[int], longest: int) -> float:
    """Return the share of memory that lies unused if each text reserves room for the longest.

    Args:
        lengths: Tokens of each text in the end.
        longest: Tokens that each reserves from the start.
    """
    return 1 - sum(lengths) / (len(lengths) * longest)


def in_blocks(lengths: Sequence[int], size: int) -> float:
    """Return the share that lies unused in blocks: only a text's last block may have room left.

    Args:
        lengths: Tokens of each text.
        size: Tokens of a block.
    """
    blocks = sum(-(-length // size) for length in lengths)  # rounded up
    return 1 - sum(lengths) / (blocks * size)
