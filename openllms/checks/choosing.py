"""Checks of the exercises of lesson 5, `lessons/05_choosing.ipynb`."""

from math import comb

from openllms.checks.engine import Case, Check, Mistake


def _recall(ranks: list[int], k: int) -> float:
    return sum(rank <= k for rank in ranks) / len(ranks)


recall_at = Check(
    cases=(
        Case(([1, 3, 2, 1], 1), 0.5, "ranks [1, 3, 2, 1] and k = 1"),
        Case(([1, 3, 2, 5], 3), 0.75, "ranks [1, 3, 2, 5] and k = 3"),
        Case(([4, 9], 3), 0.0, "ranks [4, 9] and k = 3"),
        Case(([2, 2, 2], 2), 1.0, "ranks [2, 2, 2] and k = 2"),
    ),
    mistakes=(
        Mistake(
            lambda ranks, k: sum(rank < k for rank in ranks) / len(ranks),
            "Rank k itself is among the first k.",
        ),
        Mistake(
            lambda ranks, k: sum(rank <= k for rank in ranks),
            "That is how many; divide by the number of questions.",
        ),
        Mistake(
            lambda ranks, k: sum(rank <= k for rank in ranks) / k,
            "Divide by the number of questions, not by k.",
        ),
        Mistake(
            lambda ranks, k: sum(rank == k for rank in ranks) / len(ranks),
            "Count every rank up to k, not k alone.",
        ),
        Mistake(
            lambda ranks, k: sum(1 / rank for rank in ranks if rank <= k) / len(ranks),
            "That is the mean reciprocal rank; here every hit counts 1.",
        ),
    ),
    praise="Recall at 1 asks for the first place, recall at k for a place on the short list.",
)


def _emptied_by(left: dict[str, int]) -> str:
    return next((name for name, count in left.items() if count == 0), "none")


emptied_by = Check(
    cases=(
        Case(
            ({"task": 40, "licence": 12, "memory": 0, "language": 0},),
            "memory",
            "40, 12, 0, 0 left after task, licence, memory, language",
        ),
        Case(({"task": 9, "language": 2},), "none", "a list that is not empty"),
        Case(({"task": 0},), "task", "a catalogue without any model for the task"),
        Case(
            ({"licence": 7, "memory": 3, "language": 0},),
            "language",
            "7, 3, 0 left after licence, memory, language",
        ),
    ),
    mistakes=(
        Mistake(
            lambda left: next((n for n in reversed(left) if left[n] == 0), "none"),
            "That is the last filter that left nothing; the first one emptied the list.",
        ),
        Mistake(
            lambda left: next((n for n in reversed(left) if left[n]), "none"),
            "That filter still left something; the one after it did not.",
        ),
        Mistake(
            lambda left: min(left, key=lambda name: left[name]), "A list may also not be empty."
        ),
    ),
    praise="After the first zero, later filters have nothing to say.",
)


def _speed(weights: float, cache: float, batch: int, bandwidth: float) -> float:
    return batch * bandwidth / (weights + batch * cache)


speed_bound = Check(
    cases=(
        Case((14.0, 0.5, 1, 58.0), 4.0, "14 GB of weights, 0.5 GB of cache, one user, 58 GB/s"),
        Case((14.0, 0.5, 4, 64.0), 16.0, "the same with four users at 64 GB/s"),
        Case((1.0, 0.0, 1, 10.0), 10.0, "1 GB of weights, no cache, 10 GB/s"),
        Case((8.0, 2.0, 16, 100.0), 40.0, "8 GB of weights, 2 GB of cache for each of 16 users"),
    ),
    mistakes=(
        Mistake(
            lambda w, c, b, s: s / (w + b * c),
            "Those are steps a second; each step writes one token for every user.",
        ),
        Mistake(
            lambda w, c, b, s: b * s / (w + c),
            "Every user has a cache of its own, and all of them are read.",
        ),
        Mistake(
            lambda w, c, b, s: s / (w + c),
            "That is one user alone; the weights are read once a step for all of them.",
        ),
        Mistake(lambda w, c, b, s: b * s / w, "You forgot the cache."),
        Mistake(
            lambda w, c, b, s: (w + b * c) / s,
            "Those are seconds for a step; turn it round and count the users.",
        ),
    ),
    praise="Weights are shared by all users, caches are not: that is what batching lives from.",
)


def _per_million(hourly: float, speed: float, share: float) -> float:
    return hourly / (speed * 3600 * share) * 1e6


dollars_per_million = Check(
    cases=(
        Case((3.6, 1000, 1.0), 1.0, "$3.60 an hour, 1,000 tokens a second, always busy"),
        Case((3.6, 1000, 0.25), 4.0, "the same, busy for a quarter of the time"),
        Case((0.9, 50, 0.1), 50.0, "$0.90 an hour, 50 tokens a second, busy for a tenth"),
    ),
    mistakes=(
        Mistake(
            lambda hourly, speed, share: _per_million(hourly, speed, 1),
            "You forgot that the machine is paid while it waits: divide by the utilisation.",
        ),
        Mistake(
            lambda hourly, speed, share: _per_million(hourly, speed, 1) * share,
            "Upside down: a machine that waits makes tokens dearer, not cheaper.",
        ),
        Mistake(
            lambda hourly, speed, share: _per_million(hourly, speed, share) * 3600,
            "An hour has 3,600 seconds.",
        ),
        Mistake(
            lambda hourly, speed, share: _per_million(hourly, speed, share) / 1e6,
            "That is the price of one token; it was asked for a million.",
        ),
    ),
    praise="The price of a token is the price of an hour, shared by what was written in it.",
)


def _front(models: dict[str, tuple[float, float]], strict: bool = False) -> list[str]:
    def beats(other: tuple[float, float], one: tuple[float, float]) -> bool:
        if strict:
            return other[0] < one[0] and other[1] > one[1]
        return other != one and other[0] <= one[0] and other[1] >= one[1]

    kept = [n for n, one in models.items() if not any(beats(o, one) for o in models.values())]
    return sorted(kept)


_MODELS = {"a": (1.0, 50.0), "b": (2.0, 60.0), "c": (3.0, 55.0), "d": (4.0, 70.0)}
_EQUAL = {"a": (1.0, 50.0), "b": (2.0, 50.0), "c": (2.0, 60.0), "d": (2.0, 60.0)}
_MORE = {"x": (5.0, 40.0), "y": (1.0, 40.0), "z": (9.0, 90.0), "w": (9.0, 80.0)}

pareto_front = Check(
    cases=(
        Case((_MODELS,), ["a", "b", "d"], "four models, of which c costs more than b and is worse"),
        Case((_EQUAL,), ["a", "c", "d"], "models of equal quality or equal price"),
        Case((_MORE,), ["y", "z"], "models that are not in order of price"),
    ),
    mistakes=(
        Mistake(
            lambda models: _front(models, strict=True),
            "Whoever is as good and cheaper, or as cheap and better, also beats a model.",
        ),
        Mistake(
            lambda models: sorted(set(models) - set(_front(models))),
            "Those are the models that are beaten.",
        ),
        Mistake(
            lambda models: [max(models, key=lambda name: models[name][1])],
            "That is the best one; the front also holds what is cheaper and less good.",
        ),
        Mistake(
            lambda models: sorted(models, key=lambda name: models[name][0]),
            "You sorted; leave out every model that another one beats.",
        ),
    ),
    praise="What is off the front, nobody should take: something else is better or cheaper.",
)


def _pick(scores: list[float], lengths: list[int]) -> int:
    each = [score / length for score, length in zip(scores, lengths, strict=True)]
    return each.index(max(each))


pick = Check(
    cases=(
        Case(([-6.0, -8.0], [3, 8]), 1, "-6 over 3 characters against -8 over 8"),
        Case(([-4.0, -9.0, -5.0], [10, 12, 3]), 0, "a likely long answer and a short one"),
        Case(([-2.0, -30.0, -12.0], [2, 40, 10]), 1, "a short, a long and a middling answer"),
        Case(([-7.0], [3]), 0, "a single answer"),
    ),
    mistakes=(
        Mistake(
            lambda scores, lengths: scores.index(max(scores)),
            "That is the largest sum: it favours short answers. Divide by the length first.",
        ),
        Mistake(
            lambda scores, lengths: max(range(len(scores)), key=lambda i: scores[i] * lengths[i]),
            "You multiplied by the length.",
        ),
        Mistake(
            lambda scores, lengths: min(range(len(scores)), key=lambda i: scores[i] / lengths[i]),
            "Log-likelihoods are negative: the best is the largest, nearest to 0.",
        ),
    ),
    praise="A long right answer now has a chance against a short wrong one.",
)


def _p_value(first: int, second: int) -> float:
    flips, fewer = first + second, min(first, second)
    return min(1.0, 2 * sum(comb(flips, k) for k in range(fewer + 1)) / 2**flips)


p_value = Check(
    cases=(
        Case((8, 2), 0.109375, "8 items that only the first got right, 2 only the second"),
        Case((2, 8), 0.109375, "the same with the two models swapped"),
        Case((3, 3), 1.0, "models that differ equally often"),
        Case((0, 6), 0.03125, "0 against 6"),
        Case((0, 0), 1.0, "models that never differ"),
    ),
    mistakes=(
        Mistake(
            lambda a, b: sum(comb(a + b, k) for k in range(min(a, b) + 1)) / 2 ** (a + b),
            "That is one side; either model could have been the better one, so double it.",
        ),
        Mistake(
            lambda a, b: 2 * sum(comb(a + b, k) for k in range(min(a, b) + 1)) / 2 ** (a + b),
            "A probability is at most 1.",
        ),
        Mistake(
            lambda a, b: min(1.0, 2 * comb(a + b, min(a, b)) / 2 ** (a + b)),
            "As uneven *or more*: add up the smaller counts too.",
        ),
    ),
    praise="Items on which both are right, or both wrong, say nothing about which is better.",
)
