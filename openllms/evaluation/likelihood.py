"""Multiple choice by log-likelihood: which continuation does the model find likeliest?

The rules are those of EleutherAI's harness (lm-eval): a choice is a blank and its text; `acc` takes
the largest sum of log-probabilities, `acc_norm` the largest sum for each character.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from openllms.evaluation.data import Item

Length = Literal["none", "characters", "tokens"]


@dataclass(frozen=True)
class Scored:
    """What a model made of one item.

    Attributes:
        log_likelihoods: of each choice: sum of the natural logarithms of its tokens' probabilities.
        characters: length of each choice, without its leading blank.
        tokens: number of tokens of each choice.
        right: the place of the right choice.
    """

    log_likelihoods: tuple[float, ...]
    characters: tuple[int, ...]
    tokens: tuple[int, ...]
    right: int

    def chosen(self, length: Length = "none") -> int:
        """The place of the choice with the largest log-likelihood for its length."""
        lengths = {"characters": self.characters, "tokens": self.tokens}.get(
            length, (1,) * len(self.characters)
        )
        each = [s / n for s, n in zip(self.log_likelihoods, lengths, strict=True)]
        return each.index(max(each))

    def correct(self, length: Length = "none") -> bool:
        """Whether the right choice was taken."""
        return self.chosen(length) == self.right


def log_likelihoods(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    context: str,
    continuations: Sequence[str],
) -> list[tuple[float, int]]:
    """Return the log-likelihood and the number of tokens of each continuation of a context.

    One pass for all: the context and, after it, every continuation; a mask lets each token see the
    context and its own continuation, and nothing of its neighbours.

    Args:
        model: A causal language model.
        tokenizer: Its tokenizer.
        context: At least one token.
        continuations: Texts that follow the context directly, such as " yes".

    Raises:
        ValueError: The context or a continuation has no tokens.
    """
    import torch

    whole = [_split(tokenizer, context, text) for text in continuations]
    shared = _common_start([before for before, _ in whole])  # a tokenizer may split it differently
    tails = [(before + after)[shared:] for before, after in whole]
    ids = torch.tensor([*whole[0][0][:shared], *(token for tail in tails for token in tail)])
    # Whose token is it? -1: the context's, which everybody sees.
    owner = torch.tensor([-1] * shared + [n for n, tail in enumerate(tails) for _ in tail])
    place = torch.tensor(
        [*range(shared), *(shared + k for tail in tails for k in range(len(tail)))]
    )
    sees = (place[:, None] >= place) & ((owner == -1) | (owner[:, None] == owner))
    mask = torch.zeros(sees.shape).masked_fill(~sees, torch.finfo(torch.float32).min)
    with torch.no_grad():
        logits = model(
            ids[None],
            attention_mask=mask[None, None].to(model.dtype),
            position_ids=place[None],
            logits_to_keep=len(ids) - shared + 1,  # from the context's last token on
        ).logits[0]  # (1 + tokens of the tails, vocabulary)
    scores = logits.float().log_softmax(dim=-1)
    found, first = [], 1  # row 0 tells the first token of every tail, row i what follows token i
    for tail, (_, after) in zip(tails, whole, strict=True):
        told_by = torch.tensor([0, *range(first, first + len(tail) - 1)])
        counted = scores[told_by, torch.tensor(tail)][len(tail) - len(after) :]
        found.append((counted.sum().item(), len(after)))
        first += len(tail)
    return found


def score(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, items: Iterable[Item]
) -> dict[str, Scored]:
    """Score items: id -> what the model made of it."""
    scored = {}
    for item in items:
        found = log_likelihoods(model, tokenizer, item.context, [f" {c}" for c in item.choices])
        sums, tokens = zip(*found, strict=True)
        scored[item.id] = Scored(sums, tuple(map(len, item.choices)), tokens, item.right)
    return scored


def _split(
    tokenizer: PreTrainedTokenizerBase, context: str, continuation: str
) -> tuple[list[int], list[int]]:
    """Tokens of the context, and those that the continuation adds to them (as lm-eval splits)."""
    before = tokenizer(context).input_ids
    both = tokenizer(context + continuation).input_ids
    if not before or len(both) <= len(before):
        raise ValueError(f"no tokens to score in {context!r} + {continuation!r}")
    return both[: len(before)], both[len(before) :]


def _common_start(rows: Sequence[Sequence[int]]) -> int:
    """How many tokens all rows begin with."""
    return next(
        (place for place, column in enumerate(zip(*rows, strict=False)) if len(set(column)) > 1),
        min(map(len, rows)),
    )
