"""Multiple choice by log-likelihood: which continuation does the model find likeliest?

The rules are those of EleutherAI's harness (lm-eval): a choice is a blank and its text; `acc` takes
the largest sum of log-probabilities, `acc_norm` the largest sum for each character.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from openllms.anatomy import cache_of

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

    The context is read once; its KV cache is shared by all continuations, which are padded on the
    right and run as a batch.

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
    shared = _common_start([before for before, _ in whole])
    rests = [(before + after)[shared:] for before, after in whole]  # at least one token each
    lengths = [len(after) for _, after in whole]
    with torch.no_grad():
        start = torch.tensor([whole[0][0][:shared]])  # (1, shared)
        cache = cache_of(model(start[:, :-1], use_cache=True)) if shared > 1 else None
        longest = max(map(len, rests))
        rows = [[*start[0, -1:].tolist(), *rest] + [0] * (longest - len(rest)) for rest in rests]
        ids = torch.tensor(rows)  # (choices, 1 + longest); padding stands after all that counts
        keywords: dict[str, Any] = {}
        if cache is not None:
            cache.batch_repeat_interleave(len(rows))
            keywords = {_cache_argument(model): cache}
        logits = model(ids[:, :-1], **keywords).logits  # (choices, longest, vocabulary)
        scores = logits.float().log_softmax(dim=-1).gather(-1, ids[:, 1:, None]).squeeze(-1)
    return [
        (scores[row, len(rest) - length : len(rest)].sum().item(), length)
        for row, (rest, length) in enumerate(zip(rests, lengths, strict=True))
    ]


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


def _cache_argument(model: PreTrainedModel) -> str:
    """The name that this version of transformers gives the cache."""
    import inspect

    return "cache" if "cache" in inspect.signature(model.forward).parameters else "past_key_values"
