"""How open a release is: a rule, asked with what the catalogue knows and does not know."""

from collections.abc import Callable
from itertools import product

import pandas as pd

from openllms.catalog.licences import licences


def free_terms(key: str) -> bool | None:
    """Return whether a licence lets anyone use, study, modify and share for any purpose.

    Args:
        key: Of the licence, such as "Apache-2.0".

    Returns:
        None if the texts that were read do not tell: no clause forbids it, and nobody read
        whether the OSI has approved the licence.

    Raises:
        KeyError: If the course holds no licence of that key.
    """
    terms = licences()[key].terms
    if terms.access and terms.access.value != "download":
        return False
    if terms.commercial_use and terms.commercial_use.value != "allowed":
        return False
    if terms.restricted or terms.monthly_users:
        return False
    return terms.osi_approved.value if terms.osi_approved else None


def verdict(release: pd.Series, classify: Callable[[bool, bool, bool, bool], str]) -> str:
    """Return what a rule says of a release, whatever the facts are that nobody read.

    The rule is asked once for every way in which the unknown facts can turn out; where the Open
    Source Initiative gave a verdict, only answers that agree with it count. If all answers are the
    same, that is the verdict; otherwise it is the least open one, "at least".

    Args:
        release: A row of `table()`.
        classify: (weights, code, data information, free terms) -> "closed", "open weights" or
            "open source".

    Returns:
        A class of the rule; or "gated" for weights that only some people get.
    """
    licence = None if pd.isna(release.licence) else licences()[release.licence]
    access = licence.terms.access if licence else None
    no_weights = not pd.isna(release.weights) and not release.weights
    if no_weights and access and access.value != "service":
        return "gated"
    facts = [release.weights, release.training_code, release.data_information]
    facts.append(free_terms(release.licence) if licence else None)
    choices = [(False, True) if pd.isna(fact) else (bool(fact),) for fact in facts]
    answers = [classify(*known) for known in product(*choices)]  # the least open one comes first
    if not pd.isna(release.osi_verdict):
        agreeing = [a for a in answers if (a == "open source") == bool(release.osi_verdict)]
        answers = agreeing or answers
    return answers[0] if len(set(answers)) == 1 else f"{answers[0]} at least"
