"""Slow memory that counts: how many numbers an algorithm reads and writes there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


@dataclass
class SlowMemory:
    """Counts what passes between a large slow memory and a small fast one.

    A GPU's large memory is slow beside its on-chip memory; whatever a kernel computes, it first
    reads and at last writes there.

    Attributes:
        numbers: How many numbers were read or written so far.
    """

    numbers: int = 0

    def read(self, tensor: torch.Tensor) -> torch.Tensor:
        """Bring a tensor into the fast memory."""
        self.numbers += tensor.numel()
        return tensor

    def write(self, place: torch.Tensor, tensor: torch.Tensor) -> None:
        """Put a tensor back into a place of the slow memory."""
        self.numbers += tensor.numel()
        place.copy_(tensor)


def eager_traffic(tokens: int, head_dim: int) -> int:
    """Numbers that attention moves if each of its steps starts and ends in slow memory.

    Queries and keys are read and the scores written; the scores are read and their softmax
    written; that and the values are read and the output written (Dao et al. 2022, arXiv
    2205.14135, algorithm 0): `4 * tokens**2 + 4 * tokens * head_dim`.
    """
    return 4 * tokens**2 + 4 * tokens * head_dim


def tiled_traffic(tokens: int, head_dim: int, fast: int) -> int:
    """Numbers that attention over tiles moves, for a fast memory that holds `fast` numbers.

    Tiles of queries, keys, values and output lie in it at once, so a tile has `fast / (4 *
    head_dim)` rows. Each tile of queries meets all keys and values: of the order of
    `tokens**2 * head_dim**2 / fast` (the same paper, theorem 2).

    Raises:
        ValueError: The fast memory holds no tile.
    """
    tile = fast // (4 * head_dim)
    if tile < 1:
        raise ValueError(f"a fast memory of {fast} numbers holds no tile of {head_dim} columns")
    tiles = -(-tokens // tile)  # rounded up
    return 2 * tokens * head_dim * (1 + tiles)
