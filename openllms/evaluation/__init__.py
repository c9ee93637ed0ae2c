"""Measure models on your own task: a small evaluation set, scores, intervals, a paired test.

items = evaluation.clinic().sorting()
scored = evaluation.score(model, tokenizer, items)       # by log-likelihood
right = [one.correct("characters") for one in scored.values()]
evaluation.wilson(sum(right), len(right))                # accuracy with its interval
"""

from openllms.evaluation.baselines import NaiveBayes, embed, ranks
from openllms.evaluation.data import Clinic, Item, clinic
from openllms.evaluation.generation import which, write
from openllms.evaluation.likelihood import Scored, log_likelihoods, score
from openllms.evaluation.statistics import Interval, Paired, bootstrap, mcnemar, wilson

__all__ = [
    "Clinic",
    "Interval",
    "Item",
    "NaiveBayes",
    "Paired",
    "Scored",
    "bootstrap",
    "clinic",
    "embed",
    "log_likelihoods",
    "mcnemar",
    "ranks",
    "score",
    "which",
    "wilson",
    "write",
]
