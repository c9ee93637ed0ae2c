"""Every lesson's instant checks: right answers pass, each usual mistake is named, stubs wait."""

from itertools import accumulate
from math import log2, prod, sqrt

import pytest

from openllms.checks import Check, choosing, llama, mistral_moe, open_models


def right_count(header):
    return sum(prod(entry["shape"]) for name, entry in header.items() if name != "__metadata__")


OPEN_MODELS = {
    "count_parameters": right_count,
    "may_we_use_llama": lambda users: "ask" if users > 700_000_000 else "yes",
    "weight_gigabytes": lambda parameters, bits: parameters * bits / 8e9,
    "break_even_tokens": lambda hourly, hours, price: hourly * hours / (price / 1e6),
}


def candidates(probabilities, top_p):
    sums = accumulate(sorted(probabilities, reverse=True))
    return 1 + sum(total < top_p for total in list(sums)[:-1])


def expanded(layers, every):
    return [
        f"{kind} {layer}"
        for layer in range(layers)
        for kind in (["old", "new"] if layer % every == every - 1 else ["old"])
    ]


def block_parameters(hidden, intermediate, heads, kv_heads, head_dim):
    attention = hidden * head_dim * (heads + 2 * kv_heads + heads)
    return attention + hidden * (3 * intermediate + 2)


LLAMA = {
    "candidates": candidates,
    "block_parameters": block_parameters,
    "kv_cache_bytes": lambda layers, kv, dim, tokens, size: 2 * layers * kv * dim * tokens * size,
    "expanded": expanded,
    "standard_error": lambda right, n: sqrt(right * (n - right) / n**3),
}


def ring(length, window):
    return [max(i for i in range(length) if i % window == slot) for slot in range(window)]


MISTRAL_MOE = {
    "active_parameters": lambda total, one, n, used, layers: total - layers * one * (n - used),
    "receptive_field": lambda window, layers: 1 + layers * (window - 1),
    "ring": ring,
    "entropy_bits": lambda n: sum(c / sum(n) * log2(sum(n) / c) for c in n if c),
}


def front(models):
    kept = []
    for name, (price, quality) in models.items():
        others = [other for key, other in models.items() if key != name]
        if not any(p <= price and q >= quality and (p, q) != (price, quality) for p, q in others):
            kept.append(name)
    return sorted(kept)


CHOOSING = {
    "emptied_by": lambda left: ([name for name, count in left.items() if not count] or [None])[0],
    "speed_bound": lambda weights, cache, n, speed: n * speed / (weights + n * cache),
    "dollars_per_million": lambda hour, speed, busy: hour / (speed * busy * 3600 / 1e6),
    "pareto_front": front,
    "pick": lambda scores, n: max(range(len(n)), key=lambda i: scores[i] / n[i]),
}

RIGHT = {open_models: OPEN_MODELS, llama: LLAMA, mistral_moe: MISTRAL_MOE, choosing: CHOOSING}
EVERY = [
    pytest.param(getattr(lesson, name), answer, id=name)
    for lesson, answers in RIGHT.items()
    for name, answer in answers.items()
]


@pytest.mark.parametrize(("check", "answer"), EVERY)
def test_a_right_answer_passes(check, answer):
    report = check(answer)
    assert report.passed, report
    assert report.message == check.praise


@pytest.mark.parametrize(("check", "answer"), EVERY)
def test_every_listed_mistake_is_caught_and_named(check, answer):
    for mistake in check.mistakes:
        report = check(mistake.function)
        assert report.outcome == "wrong"
        assert mistake.message in report.message


@pytest.mark.parametrize(("check", "answer"), EVERY)
@pytest.mark.parametrize("blank", [lambda *_: None, lambda *_: ...])
def test_an_untouched_stub_is_no_failure(check, answer, blank):
    report = check(blank)
    assert report.outcome == "untouched"
    assert not report.passed


@pytest.mark.parametrize("module", RIGHT, ids=lambda module: module.__name__)
def test_no_check_of_a_lesson_is_left_out(module):
    found = {name for name, check in vars(module).items() if isinstance(check, Check)}
    assert found == set(RIGHT[module])
