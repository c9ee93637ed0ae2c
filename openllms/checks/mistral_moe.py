"""Checks of the exercises of lesson 3, `lessons/03_mistral_moe.ipynb`."""

from math import log, log2

from openllms.checks.engine import Case, Check, Mistake


def _active(total: int, one_expert: int, experts: int, used: int, layers: int) -> int:
    return total - layers * (experts - used) * one_expert


active_parameters = Check(
    cases=(
        Case((1000, 10, 8, 2, 4), 760, "1,000 parameters, 4 layers of 8 experts with 10 each"),
        Case((5_906_112, 147_456, 8, 2, 4), 2_367_168, "tiny-mixtral"),
        Case((500, 20, 4, 4, 3), 500, "a model in which all experts work"),
        Case(
            (46_702_792_704, 176_160_768, 8, 2, 32),
            12_879_925_248,
            "Mixtral 8x7B",
        ),
    ),
    mistakes=(
        Mistake(
            lambda total, one, experts, used, layers: total * used // experts,
            "Only the experts are shared out; attention, embeddings and norms always work.",
        ),
        Mistake(
            lambda total, one, experts, used, layers: total - (experts - used) * one,
            "Every layer has experts of its own: count the idle ones of all layers.",
        ),
        Mistake(
            lambda total, one, experts, used, layers: layers * used * one,
            "Those are the experts at work; everything outside the experts works too.",
        ),
        Mistake(
            lambda total, one, experts, used, layers: total - layers * used * one,
            "You took away the experts at work; take away the idle ones.",
        ),
    ),
    praise="Total minus what is idle: it works for any mixture of experts.",
)


receptive_field = Check(
    cases=(
        Case((8, 4), 29, "a window of 8 in 4 layers"),
        Case((4096, 1), 4096, "a window of 4,096 in one layer"),
        Case((1, 10), 1, "a window of 1: a token sees only itself"),
        Case((4096, 32), 131_041, "Mistral 7B v0.1: a window of 4,096 in 32 layers"),
    ),
    mistakes=(
        Mistake(
            lambda window, layers: window * layers,
            "Close: but the token itself lies in every layer's window and counts once.",
        ),
        Mistake(
            lambda window, layers: (window - 1) * layers,
            "You counted the earlier tokens; add the token itself.",
        ),
        Mistake(lambda window, layers: window**layers, "Reach adds up over layers."),
        Mistake(lambda window, layers: window, "Each layer looks back from what it was given."),
    ),
    praise="Each layer reaches window - 1 tokens further back.",
)


def _positions(length: int, window: int) -> list[int]:
    return list(range(max(0, length - window), length))


ring = Check(
    cases=(
        Case((6, 4), [4, 5, 2, 3], "6 tokens in a ring of 4 slots"),
        Case((4, 4), [0, 1, 2, 3], "a ring that is just full"),
        Case((9, 4), [8, 5, 6, 7], "9 tokens in a ring of 4 slots"),
        Case((7, 3), [6, 4, 5], "7 tokens in a ring of 3 slots"),
    ),
    mistakes=(
        Mistake(_positions, "These are the right tokens in order of time; sort them into slots."),
        Mistake(
            lambda length, window: list(range(window)),
            "Later tokens overwrite: token i goes to slot i % window.",
        ),
    ),
    praise="Token i overwrites token i - window: memory stays the same for ever.",
)


def _entropy(counts: list[int]) -> float:
    total = sum(counts)
    return -sum(n / total * log2(n / total) for n in counts if n)


entropy_bits = Check(
    cases=(
        Case(([5, 5, 5, 5],), 2.0, "four experts used evenly"),
        Case(([6, 2, 0, 0],), _entropy([6, 2]), "the counts [6, 2, 0, 0]"),
        Case(([0, 9, 0],), 0.0, "one expert that does everything"),
        Case(([1] * 8,), 3.0, "eight experts used evenly"),
    ),
    mistakes=(
        Mistake(
            lambda counts: _entropy(counts) * log(2), "That is in nats; for bits take the log2."
        ),
        Mistake(lambda counts: -_entropy(counts), "Mind the sign: entropy is never negative."),
        Mistake(
            lambda counts: _entropy(counts) / log2(len(counts)),
            "You divided by the largest possible entropy; give the bits themselves.",
        ),
    ),
    praise="log2(experts) means perfectly even, 0 means that one expert does it all.",
)
