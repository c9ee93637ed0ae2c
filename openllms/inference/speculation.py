"""Speculative decoding: a small model drafts, a large one of the same tokenizer checks at once.

Leviathan et al. 2023, arXiv 2211.17192; Chen et al. 2023, arXiv 2302.01318.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

Accept = Callable[[list[int], list[int]], list[int]]


@dataclass(frozen=True)
class Spoken:
    """What came out, and what it took.

    Attributes:
        tokens: The new tokens.
        passes: Passes of the large model.
        drafted: Tokens that the small model proposed.
        accepted: How many of these the large one took over.
    """

    tokens: list[int]
    passes: int
    drafted: int
    accepted: int

    @property
    def acceptance(self) -> float:
        """Share of the drafted tokens that were taken over."""
        return self.accepted / self.drafted


def speculate(
    target: PreTrainedModel,
    draft: PreTrainedModel,
    ids: torch.Tensor,
    tokens: int,
    length: int,
    accept: Accept,
) -> Spoken:
    """Write greedily with a draft; no cache is used, so that each step can be read.

    Args:
        target: The large model.
        draft: The small one, of the same tokenizer.
        ids: (1, prompt) where both begin.
        tokens: How many to write.
        length: Tokens that the small model drafts at a time.
        accept: Takes what was drafted and what the large model would have written at each of these
            places and at the one after; returns what is kept.
    """
    import torch

    start, passes, drafted, accepted = ids.shape[1], 0, 0, 0
    with torch.no_grad():
        while ids.shape[1] < start + tokens:
            proposal = ids
            for _ in range(length):
                following = draft(proposal).logits[:, -1:].argmax(-1)  # (1, 1)
                proposal = torch.cat([proposal, following], dim=1)
            chosen = target(proposal).logits[0, ids.shape[1] - 1 :].argmax(-1)  # (length + 1,)
            kept = accept(proposal[0, ids.shape[1] :].tolist(), chosen.tolist())
            passes, drafted = passes + 1, drafted + length
            accepted += len(kept) - 1
            ids = torch.cat([ids, torch.tensor([kept])], dim=1)
    return Spoken(ids[0, start : start + tokens].tolist(), passes, drafted, accepted)


def expected_tokens(acceptance: float, length: int) -> float:
    """Return the tokens that a pass of the large model yields on average.

    `(1 - a**(k + 1)) / (1 - a)` if each drafted token is accepted with probability a, whatever
    happened before (arXiv 2211.17192, equation 1).
    """
    return sum(acceptance**place for place in range(length + 1))


def draw(
    target: torch.Tensor, draft: torch.Tensor, count: int, generator: torch.Generator
) -> torch.Tensor:
    """Draw tokens by drafting and checking; they are distributed as the target says.

    A drafted token is kept with probability `min(1, target / draft)`; otherwise one is drawn from
    what the target has more of than the draft (arXiv 2211.17192, section 2.3).

    Args:
        target: (vocabulary,) the large model's probabilities.
        draft: (vocabulary,) the small model's.
        count: How many independent draws.
        generator: Of random numbers.

    Returns:
        (count,) tokens.
    """
    import torch

    drafted = draft.multinomial(count, replacement=True, generator=generator)  # (count,)
    keep = torch.rand(count, generator=generator) < target[drafted] / draft[drafted]
    more = (target - draft).clamp(min=0)
    if not more.any():  # the two agree: nothing is ever turned down
        return drafted
    instead = more.multinomial(count, replacement=True, generator=generator)
    return torch.where(keep, drafted, instead)
