"""Checks of the exercises of lesson 2, `lessons/02_llama.ipynb`."""

from collections.abc import Sequence
from math import sqrt

from openllms.checks.engine import Case, Check, Mistake


def _candidates(probabilities: Sequence[float], top_p: float) -> int:
    total, kept = 0.0, 0
    for probability in sorted(probabilities, reverse=True):
        if total >= top_p:
            break
        total, kept = total + probability, kept + 1
    return kept


_SKEWED = [0.125, 0.5, 0.0625, 0.25, 0.0625]

candidates = Check(
    cases=(
        Case((_SKEWED, 0.7), 2, "[0.125, 0.5, 0.0625, 0.25, 0.0625] and top-p 0.7"),
        Case((_SKEWED, 0.75), 2, "the same list and top-p 0.75, which two candidates just reach"),
        Case((_SKEWED, 0.1), 1, "the same list and top-p 0.1"),
        Case((_SKEWED, 1.0), 5, "the same list and top-p 1"),
    ),
    mistakes=(
        Mistake(
            lambda probabilities, top_p: _candidates(probabilities, top_p + 1e-9),
            "Stop as soon as the sum reaches top-p; you took one more.",
        ),
        Mistake(
            lambda probabilities, top_p: max(1, _candidates(probabilities, top_p) - 1),
            "The candidate that carries the sum to top-p belongs to the set.",
        ),
        Mistake(
            lambda probabilities, top_p: _until(probabilities, top_p),
            "Sort first: the set is made of the most probable candidates.",
        ),
        Mistake(
            lambda probabilities, top_p: sum(p >= 1 - top_p for p in probabilities),
            "Top-p adds probabilities up; it is no threshold for each of them.",
        ),
    ),
    praise="That is nucleus sampling: the smallest set of top candidates that holds top-p.",
)


def _until(probabilities: Sequence[float], top_p: float) -> int:
    total = 0.0
    for kept, probability in enumerate(probabilities):
        if total >= top_p:
            return kept
        total += probability
    return len(probabilities)


def _block(hidden: int, intermediate: int, heads: int, kv: int, head_dim: int) -> int:
    attention = 2 * hidden * heads * head_dim + 2 * hidden * kv * head_dim
    return attention + 3 * hidden * intermediate + 2 * hidden


block_parameters = Check(
    cases=(
        Case((576, 1536, 9, 3, 64), 3_540_096, "SmolLM2-135M (576, 1536, 9, 3, 64)"),
        Case((4096, 11008, 32, 32, 128), 202_383_360, "Llama 2 7B (4096, 11008, 32, 32, 128)"),
        Case((4096, 14336, 32, 8, 128), 218_112_000, "Llama 3 8B (4096, 14336, 32, 8, 128)"),
        Case((64, 96, 2, 1, 48), 36_992, "a block whose heads are wider than hidden / heads"),
    ),
    mistakes=(
        Mistake(
            lambda h, i, n, kv, d: _block(h, i, n, kv, d) - 2 * h,
            "The two norms have a weight for each channel.",
        ),
        Mistake(
            lambda h, i, n, kv, d: _block(h, i, n, kv, d) - h,
            "A block has two norms, one before each part.",
        ),
        Mistake(
            lambda h, i, n, kv, d: _block(h, i, n, kv, d) - h * i,
            "SwiGLU has three matrices: gate, up and down.",
        ),
        Mistake(
            lambda h, i, n, kv, d: _block(h, i, n, n, d),
            "Keys and values have only kv_heads heads.",
        ),
        Mistake(
            lambda h, i, n, kv, d: _block(h, i, n, kv, h // n),
            "Use head_dim: it need not be hidden // heads.",
        ),
    ),
    praise="Times the number of layers, plus embedding, head and a last norm: any Llama there is.",
)


def _cache(layers: int, kv: int, head_dim: int, tokens: int, size: int) -> int:
    return 2 * layers * kv * head_dim * tokens * size


kv_cache_bytes = Check(
    cases=(
        Case((30, 3, 64, 1, 4), 46_080, "SmolLM2-135M, 1 token, 4 bytes to a number"),
        Case((32, 8, 128, 8192, 2), 1_073_741_824, "Llama 3 8B, 8,192 tokens, 2 bytes"),
        Case((80, 8, 128, 4096, 2), 1_342_177_280, "Llama 2 70B, 4,096 tokens, 2 bytes"),
        Case((32, 32, 128, 0, 2), 0, "no token at all"),
    ),
    mistakes=(
        Mistake(
            lambda *case: _cache(*case) // 2, "Both are kept, keys and values: there is a 2 in it."
        ),
        Mistake(
            lambda layers, kv, d, tokens, size: _cache(1, kv, d, tokens, size),
            "Every layer has keys and values of its own.",
        ),
        Mistake(
            lambda layers, kv, d, tokens, size: _cache(layers, kv, d, tokens, 1),
            "You counted numbers; each takes `size` bytes.",
        ),
        Mistake(
            lambda layers, kv, d, tokens, size: _cache(layers, kv, d, tokens * tokens, size),
            "One key and one value per token: linear in the tokens, not quadratic.",
        ),
        Mistake(
            lambda layers, kv, d, tokens, size: _cache(layers, 1, d, tokens, size),
            "Count every key/value head.",
        ),
    ),
    praise="Right for any model. The cache is one limit on the length of a conversation.",
)


def _expanded(layers: int, every: int) -> list[str]:
    order = []
    for layer in range(layers):
        order.append(f"old {layer}")
        if (layer + 1) % every == 0:
            order.append(f"new {layer}")
    return order


expanded = Check(
    cases=(
        Case((4, 2), _expanded(4, 2), "4 layers, a new one after every 2"),
        Case((3, 1), _expanded(3, 1), "3 layers, a new one after each"),
        Case((6, 3), _expanded(6, 3), "6 layers, a new one after every 3"),
        Case((5, 2), _expanded(5, 2), "5 layers, a new one after every 2"),
    ),
    mistakes=(
        Mistake(
            lambda layers, every: (
                [f"old {n}" for n in range(layers)]
                + [f"new {n}" for n in range(every - 1, layers, every)]
            ),
            "You put all new blocks at the end; each follows the block that it copies.",
        ),
        Mistake(
            lambda layers, every: [
                name
                for n in range(layers)
                for name in ([f"old {n}"] + ([f"new {n}"] if n % every == 0 else []))
            ],
            "Count from one: with every=2 the first new block follows old 1.",
        ),
        Mistake(
            lambda layers, every: [
                name
                for n in range(layers)
                for name in (([f"new {n}"] if (n + 1) % every == 0 else []) + [f"old {n}"])
            ],
            "A new block comes after the one that it copies, not before it.",
        ),
    ),
    praise="With 32 layers and a new one after every 4 this is LLaMA-Pro: 40 blocks.",
)


standard_error = Check(
    cases=(
        Case((18, 24), sqrt(0.75 * 0.25 / 24), "18 right of 24"),
        Case((5, 10), sqrt(0.025), "5 right of 10"),
        Case((500, 1000), sqrt(0.25 / 1000), "500 right of 1,000"),
        Case((12, 12), 0.0, "12 right of 12"),
    ),
    mistakes=(
        Mistake(
            lambda right, n: right / n * (1 - right / n) / n,
            "That is the variance; take the square root.",
        ),
        Mistake(
            lambda right, n: sqrt(right / n * (1 - right / n)),
            "That is the spread of one answer; divide by n inside the root.",
        ),
        Mistake(
            lambda right, n: sqrt(right / n * (1 - right / n)) / n,
            "n belongs inside the root: four times the questions halve the error.",
        ),
        Mistake(lambda right, n: right / n, "That is the share itself, not its uncertainty."),
    ),
    praise="For 12 of 12 the formula gives 0, but twelve right answers are no proof.",
)
