"""Checks of the exercises of lesson 5, `lessons/05_choosing.ipynb`."""

from openllms.checks.engine import Case, Check, Mistake


def _emptied_by(left: dict[str, int]) -> str | None:
    return next((name for name, count in left.items() if count == 0), None)


emptied_by = Check(
    cases=(
        Case(
            ({"task": 40, "licence": 12, "memory": 0, "language": 0},),
            "memory",
            "40, 12, 0, 0 left after task, licence, memory, language",
        ),
        Case(({"task": 9, "language": 2},), None, "a list that is not empty"),
        Case(({"task": 0},), "task", "a catalogue without any model for the task"),
        Case(
            ({"licence": 7, "memory": 3, "language": 0},),
            "language",
            "7, 3, 0 left after licence, memory, language",
        ),
    ),
    mistakes=(
        Mistake(
            lambda left: next((n for n in reversed(left) if left[n] == 0), None),
            "That is the last filter after which nothing was left. The first one emptied the list.",
        ),
        Mistake(
            lambda left: next((n for n in reversed(left) if left[n]), None),
            "That filter still left something. The one after it did not.",
        ),
        Mistake(
            lambda left: min(left, key=lambda name: left[name]),
            "Where every filter left something, none of them emptied the list.",
        ),
        Mistake(
            lambda left: _emptied_by(left) or "none",
            "Where no filter emptied the list, return None itself, without quotation marks.",
        ),
    ),
    praise="After the first zero, later filters have nothing left to take away.",
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
            "Those are steps a second. Each step writes one token for every user.",
        ),
        Mistake(
            lambda w, c, b, s: b * s / (w + c),
            "Every user has a cache of its own, and all of them are read.",
        ),
        Mistake(
            lambda w, c, b, s: s / (w + c),
            "That is one user alone. In a step the weights are read once for all users together.",
        ),
        Mistake(lambda w, c, b, s: b * s / w, "You forgot the cache."),
        Mistake(
            lambda w, c, b, s: (w + b * c) / s,
            "Those are the seconds of a step. You want tokens a second, of all users.",
        ),
    ),
    praise="All users share the reading of the weights, and each has a cache of their own.",
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
            "You forgot that the machine is paid for while it waits: divide by the utilisation.",
        ),
        Mistake(
            lambda hourly, speed, share: _per_million(hourly, speed, 1) * share,
            "Upside down: the more a machine waits, the more each token costs.",
        ),
        Mistake(
            lambda hourly, speed, share: _per_million(hourly, speed, share) * 3600,
            "An hour has 3,600 seconds.",
        ),
        Mistake(
            lambda hourly, speed, share: _per_million(hourly, speed, share) / 1e6,
            "That is the price of one token. The price of a million was asked for.",
        ),
    ),
    praise="The price of an hour is shared by all tokens that were written in it.",
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
            "A model is also beaten by one that is as good and cheaper, or as cheap and better.",
        ),
        Mistake(
            lambda models: sorted(set(models) - set(_front(models))),
            "Those are the models that are beaten.",
        ),
        Mistake(
            lambda models: [max(models, key=lambda name: models[name][1])],
            "That is the best one. The front also holds models that are cheaper and less good.",
        ),
        Mistake(
            lambda models: sorted(models, key=lambda name: models[name][0]),
            "You sorted the models. Leave out every model that another one beats.",
        ),
    ),
    praise="Nobody should take a model off the front: another one is better, or cheaper, or both.",
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
            "Log-likelihoods are negative. The best is the largest one, the nearest to 0.",
        ),
    ),
    praise="A long right answer now has a chance against a short wrong one.",
)
