"""Multiple choice by log-likelihood: which continuation does the model find likeliest?

The rules are those of EleutherAI's harness (lm-eval): a choice is a blank and its text; `acc` takes
the largest sum of log-probabilities, `acc_norm` the largest sum for each character.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from openllms.evaluation.data import Item

Length = Literal["none", "characters", "tokens"]
TOKENS_IN_A_PASS = 256


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
    return _read(model, [_tree(tokenizer, context, continuations)])[0]


def score(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, items: Iterable[Item]
) -> dict[str, Scored]:
    """Score items: id -> what the model made of it. Several items share a pass, for speed."""
    items = list(items)
    trees = [_tree(tokenizer, item.context, [f" {c}" for c in item.choices]) for item in items]
    found = [choices for pack in _packs(trees) for choices in _read(model, pack)]
    scored = {}
    for item, choices in zip(items, found, strict=True):
        sums, tokens = zip(*choices, strict=True)
        scored[item.id] = Scored(sums, tuple(map(len, item.choices)), tokens, item.right)
    return scored


@dataclass
class _Tree:
    """A context and its continuations as one row of tokens.

    Attributes:
        tokens: The context's, then those of each continuation.
        places: The position of each token in its own text.
        owners: Whose token it is: -1 for the context's, which every continuation sees.
        counted: The indices of the tokens whose probabilities count.
        told_by: The index of the token before each of these, where the model foretells it.
        lengths: How many of them each continuation has.
    """

    tokens: list[int]
    places: list[int]
    owners: list[int]
    counted: list[int] = field(default_factory=list)
    told_by: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)

    def sees(self) -> torch.Tensor:
        """Which token (row) sees which (column)."""
        import torch

        places, owners = torch.tensor(self.places), torch.tensor(self.owners)
        own = (owners == -1) | (owners[:, None] == owners)
        return own & (places[:, None] >= places)  # (tokens, tokens)


def _tree(tokenizer: PreTrainedTokenizerBase, context: str, continuations: Sequence[str]) -> _Tree:
    whole = [_split(tokenizer, context, text) for text in continuations]
    shared = _common_start([before for before, _ in whole])  # a tokenizer may split it differently
    tree = _Tree(whole[0][0][:shared], list(range(shared)), [-1] * shared)
    for owner, (before, after) in enumerate(whole):
        tail, start = (before + after)[shared:], len(tree.tokens)
        end = start + len(tail)
        tree.tokens += tail
        tree.places += range(shared, shared + len(tail))
        tree.owners += [owner] * len(tail)
        tree.counted += range(end - len(after), end)
        tree.told_by += [shared - 1, *range(start, end - 1)][-len(after) :]
        tree.lengths.append(len(after))
    return tree


def _packs(trees: Iterable[_Tree]) -> Iterator[list[_Tree]]:
    """Trees that are read together: one alone keeps the processor waiting for the weights."""
    pack: list[_Tree] = []
    for tree in trees:
        if pack and sum(len(t.tokens) for t in [*pack, tree]) > TOKENS_IN_A_PASS:
            yield pack
            pack = []
        pack.append(tree)
    if pack:
        yield pack


def _read(model: PreTrainedModel, trees: Sequence[_Tree]) -> list[list[tuple[float, int]]]:
    """Log-likelihood and tokens of each continuation of each tree, in one pass for all of them."""
    import torch

    starts = list(accumulate((len(tree.tokens) for tree in trees[:-1]), initial=0))
    ids = torch.tensor([token for tree in trees for token in tree.tokens])
    counted = [at + n for at, tree in zip(starts, trees, strict=True) for n in tree.counted]
    told_by = [at + n for at, tree in zip(starts, trees, strict=True) for n in tree.told_by]
    sees = torch.block_diag(*(tree.sees() for tree in trees)).bool()  # no tree sees another
    mask = torch.zeros(sees.shape).masked_fill(~sees, torch.finfo(torch.float32).min)
    with torch.no_grad():
        logits = model(
            ids[None],
            attention_mask=mask[None, None].to(model.dtype),
            position_ids=torch.tensor([place for tree in trees for place in tree.places])[None],
            logits_to_keep=torch.tensor(told_by),
        ).logits[0]  # (counted, vocabulary)
    scores = logits.float().log_softmax(dim=-1).gather(1, ids[counted][:, None])[:, 0]
    lengths = [length for tree in trees for length in tree.lengths]
    sums = iter(part.sum().item() for part in scores.split(lengths))
    return [[(next(sums), length) for length in tree.lengths] for tree in trees]


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
