"""How open a release is: a learner's rule, the facts that nobody read, and the OSI's word."""

import pandas as pd
import pytest

from openllms import catalog
from openllms.build.solutions.open_models import classify


@pytest.mark.parametrize(
    ("licence", "free"),
    [
        ("Apache-2.0", True),
        ("MIT", True),
        ("llama-2", False),  # a size clause and a use policy
        ("llama-1", False),  # on request
        ("CC-BY-NC-4.0", False),
        ("proprietary", False),
    ],
)
def test_terms_for_any_purpose(licence, free):
    assert catalog.free_terms(licence) is free


def release(**facts):
    """A release of which everything is public under Apache-2.0, but for what is given."""
    known = {
        "weights": True,
        "training_code": True,
        "data_information": True,
        "licence": "Apache-2.0",
        "osi_verdict": pd.NA,
    }
    return pd.Series(known | facts, dtype=object)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({}, "open source"),
        ({"training_code": False}, "open weights"),
        ({"training_code": False, "data_information": pd.NA}, "open weights"),
        ({"training_code": pd.NA}, "open weights at least"),
        ({"licence": pd.NA}, "open weights at least"),
        ({"weights": pd.NA}, "closed at least"),
        ({"training_code": pd.NA, "osi_verdict": False}, "open weights"),
        ({"training_code": pd.NA, "osi_verdict": True}, "open source"),
        ({"weights": False, "licence": "proprietary"}, "closed"),
        ({"weights": False, "licence": "llama-1"}, "gated"),
        ({"weights": False, "licence": "CC-BY-NC-4.0"}, "gated"),
    ],
)
def test_a_verdict_holds_whatever_is_unknown(facts, verdict):
    assert catalog.verdict(release(**facts), classify) == verdict


def test_real_releases():
    table = catalog.table()
    named = {
        "OLMo-7B": "open source",
        "Llama 2 7B": "open weights",
        "Grok-1": "open weights",
        "LLaMA 7B": "gated",
        "GPT-4": "closed",
    }
    found = table.loc[[*named]].apply(catalog.verdict, axis="columns", classify=classify)
    assert found.to_dict() == named
