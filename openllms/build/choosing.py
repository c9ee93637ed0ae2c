"""What lesson 5, `lessons/05_choosing.ipynb`, lets one build."""

from collections.abc import Callable, Sequence
from math import comb
from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from openllms import evaluation, serving
from openllms.build.engine import Build
from openllms.build.solutions import choosing as solutions

LESSON = "05_choosing"
Cases = dict[str, tuple[tuple[Any, ...], Any]]


def _recall_cases(likeness: Tensor, right: Sequence[int]) -> Cases:
    """The clinic's questions; the ranks are counted by the kit."""
    right = list(right)
    ranks = evaluation.ranks(likeness, right)
    return {
        key: ((likeness, right, k), sum(rank <= k for rank in ranks) / len(ranks))
        for key, k in (("one", 1), ("three", 3))
    }


def _hits(likeness: Tensor, right: Sequence[int], k: int) -> int:
    return sum(rank <= k for rank in evaluation.ranks(likeness, right))


recall_at = Build(
    LESSON,
    solutions.recall_at,
    _recall_cases,
    {
        "count": lambda likeness, right, k: _hits(likeness, right, k),
        "first_only": lambda likeness, right, k: _hits(likeness, right, 1) / len(right),
        "one_more": lambda likeness, right, k: _hits(likeness, right, k + 1) / len(right),
        "one_less": lambda likeness, right, k: _hits(likeness, right, k - 1) / len(right),
        "least_like": lambda likeness, right, k: _hits(-likeness, right, k) / len(right),
        "by_k": lambda likeness, right, k: _hits(likeness, right, k) / k,
        "by_answers": lambda likeness, right, k: _hits(likeness, right, k) / likeness.shape[1],
        "exactly_k": lambda likeness, right, k: (
            (_hits(likeness, right, k) - _hits(likeness, right, k - 1)) / len(right)
        ),
    },
)


def _bytes_cases(configs: dict[str, Any]) -> Cases:
    loads = {"Llama 3.1 8B": (8, 8, 2048), "Llama 3.2 1B": (16, 3, 500)}
    formats: dict[int, Any] = {8: "int8", 16: "bfloat16"}
    cases: Cases = {}
    for (name, (bits, users, tokens)), key in zip(loads.items(), ("eight", "one"), strict=True):
        need = serving.memory(configs[name], formats[bits], users, tokens)
        right = (float(need.weights), float(need.cache))
        cases[key] = ((configs[name], bits, users, tokens), right)
    return cases


def _bytes(
    weights: Callable[[float, int], float], cache: Callable[[float, Any, int, int, int], float]
) -> Any:
    """needed_bytes with its two results changed; each gets the right one and the arguments."""

    def needed_bytes(config: Any, bits: int, users: int, tokens: int) -> tuple[float, float]:
        right = solutions.needed_bytes(config, bits, users, tokens)
        return weights(right[0], bits), cache(right[1], config, bits, users, tokens)

    return needed_bytes


def _same_weights(right: float, bits: int) -> float:
    return right


def _same_cache(right: float, config: Any, bits: int, users: int, tokens: int) -> float:
    return right


needed_bytes = Build(
    LESSON,
    solutions.needed_bytes,
    _bytes_cases,
    {
        "bits": _bytes(lambda right, bits: right * 8, _same_cache),
        "gigabytes": _bytes(lambda right, bits: right / 1e9, lambda right, *_: right / 1e9),
        "half": _bytes(_same_weights, lambda right, *_: right / 2),
        "one_user": _bytes(_same_weights, lambda right, config, bits, users, tokens: right / users),
        "one_token": _bytes(_same_weights, lambda right, c, bits, users, tokens: right / tokens),
        "query_heads": _bytes(
            _same_weights,
            lambda right, config, *_: (
                right * config.num_attention_heads / config.num_key_value_heads
            ),
        ),
        "one_layer": _bytes(
            _same_weights, lambda right, config, *_: right / config.num_hidden_layers
        ),
        "weight_bits": _bytes(
            _same_weights, lambda right, config, bits, users, tokens: right * bits / 16
        ),
    },
)


def _likelihood_cases(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> Cases:
    """Answers of one and of several tokens, scored by the kit's harness."""
    item = evaluation.clinic().sorting()[16]
    cases: Cases = {}
    for key, choice in (("long", item.choices[item.right]), ("short", "pain")):
        start = len(tokenizer(item.context).input_ids)
        ids = tokenizer(f"{item.context} {choice}", return_tensors="pt").input_ids[0]
        found = evaluation.log_likelihoods(model, tokenizer, item.context, [f" {choice}"])
        cases[key] = ((model, ids, start), found[0][0])
    return cases


def _logits(model: Any, ids: Tensor) -> Tensor:
    with torch.no_grad():
        return model(ids[None]).logits[0]


def _taken(scores: Tensor, ids: Tensor, places: slice, tokens: slice) -> Tensor:
    return scores[places].gather(1, ids[tokens, None])[:, 0]


def _scored(
    places: Callable[[int], slice], tokens: Callable[[int], slice], score: Any, total: Any
) -> Any:
    def log_likelihood(model: Any, ids: Tensor, start: int) -> float:
        scores = score(_logits(model, ids))
        return float(total(_taken(scores, ids, places(start), tokens(start))))

    return log_likelihood


def _before(start: int) -> slice:
    return slice(start - 1, -1)


def _answer(start: int) -> slice:
    return slice(start, None)


def _log(logits: Tensor) -> Tensor:
    return logits.log_softmax(-1)


log_likelihood = Build(
    LESSON,
    solutions.log_likelihood,
    _likelihood_cases,
    {
        "not_shifted": _scored(_answer, _answer, _log, torch.sum),
        "logits": _scored(_before, _answer, lambda logits: logits, torch.sum),
        "probabilities": _scored(_before, _answer, lambda x: x.softmax(-1), torch.sum),
        "over_tokens": _scored(_before, _answer, lambda x: x.log_softmax(0), torch.sum),
        "mean": _scored(_before, _answer, _log, torch.mean),
        "whole_text": _scored(lambda start: slice(0, -1), lambda start: slice(1, None), _log, sum),
        "first_lost": _scored(
            lambda start: slice(start, -1), lambda start: slice(start + 1, None), _log, torch.sum
        ),
        "one_more": _scored(
            lambda start: slice(start - 2, -1), lambda start: slice(start - 1, None), _log, sum
        ),
    },
)


def _p_cases(first: Sequence[bool], second: Sequence[bool]) -> Cases:
    """What two models got right on the clinic's messages, and some splits that test the edges."""
    real = evaluation.mcnemar(first, second)
    splits = {"eight": (8, 2), "swapped": (2, 8), "even": (3, 3), "never": (0, 0)}
    cases: Cases = {"real": ((real.only_first, real.only_second), real.p_value)}
    for key, (a, b) in splits.items():
        found = evaluation.mcnemar([True] * a + [False] * b, [False] * a + [True] * b)
        cases[key] = ((a, b), found.p_value)
    return cases


def _ways(coins: int, most: int, least: int = 0) -> float:
    return float(sum(comb(coins, heads) for heads in range(least, most + 1)) / 2**coins)


p_value = Build(
    LESSON,
    solutions.p_value,
    _p_cases,
    {
        "one_side": lambda a, b: _ways(a + b, min(a, b)),
        "above_one": lambda a, b: 2 * _ways(a + b, min(a, b)),
        "this_split": lambda a, b: min(1.0, 2 * _ways(a + b, min(a, b), least=min(a, b))),
        "end_left_out": lambda a, b: min(1.0, 2 * _ways(a + b, min(a, b) - 1)),
        "larger": lambda a, b: min(1.0, 2 * _ways(a + b, max(a, b))),
        "first_only": lambda a, b: min(1.0, 2 * _ways(a + b, a)),
    },
)
