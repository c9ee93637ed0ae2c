"""How sure is an accuracy, and is one model really better than another?"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Interval(NamedTuple):
    """An estimate with its confidence interval."""

    estimate: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.estimate:.0%} ({self.low:.0%} to {self.high:.0%})"


class Paired(NamedTuple):
    """Two models on the same items: on how many only one is right, and the test of that split."""

    only_first: int
    only_second: int
    p_value: float


def wilson(right: int, items: int, confidence: float = 0.95) -> Interval:
    """Return the share of right answers with Wilson's score interval.

    It stays inside 0 and 1 and does not shrink to nothing when all answers are right, as
    p ± 1.96 standard errors does (Wilson 1927, doi 10.1080/01621459.1927.10502953).

    Raises:
        ValueError: There are no items, or more right answers than items.
    """
    from scipy.stats import binomtest

    if items < 1 or not 0 <= right <= items:
        raise ValueError(f"{right} right answers of {items} items is impossible")
    found = binomtest(right, items).proportion_ci(confidence, method="wilson")
    return Interval(right / items, float(found.low), float(found.high))


def bootstrap(
    scores: Sequence[float], confidence: float = 0.95, resamples: int = 2000, seed: int = 0
) -> Interval:
    """Return the mean with a percentile bootstrap interval: what other draws of items would give.

    Args:
        scores: One number an item; True and False count as 1 and 0.
        confidence: Share of the resampled means inside the interval.
        resamples: How often to draw as many items as there are, with replacement.
        seed: Of the draws.

    Raises:
        ValueError: There are no scores.
    """
    values = np.asarray(scores, dtype=float)
    if values.size == 0:
        raise ValueError("there are no scores to resample")
    draws = np.random.default_rng(seed).integers(0, values.size, (resamples, values.size))
    tail = (1 - confidence) / 2
    low, high = np.quantile(values[draws].mean(axis=1), [tail, 1 - tail])
    return Interval(float(values.mean()), float(low), float(high))


def mcnemar(first: Sequence[bool], second: Sequence[bool]) -> Paired:
    """Compare two models that answered the same items, by the exact McNemar test.

    Items on which both are right or both are wrong say nothing on which is better. If neither is,
    each of the others falls to either side like a fair coin: a two-sided binomial test
    (McNemar 1947, doi 10.1007/BF02295996).

    Args:
        first: Whether the first model was right, one item after the other.
        second: The same for the second, in the same order.

    Raises:
        ValueError: The lists are of different lengths.
    """
    from scipy.stats import binomtest

    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} answers: the items must be the same")
    only_first = sum(a and not b for a, b in zip(first, second, strict=True))
    only_second = sum(b and not a for a, b in zip(first, second, strict=True))
    flips = only_first + only_second
    p_value = float(binomtest(only_first, flips).pvalue) if flips else 1.0
    return Paired(only_first, only_second, p_value)
