"""The figures of lesson 2 say in words what they show."""

import pandas as pd
import torch

from openllms import plots


def test_candidates_with_their_probabilities():
    picture = plots.next_token_bars([" cat", " dog"], [0.6, 0.3], title="A pet is a ...")
    assert "' cat' 60.0%, ' dog' 30.0%" in picture.alt
    after = plots.next_token_bars([" cat", " dog"], [0.6, 0.3], [1.0, 0.0])
    assert "' cat' 100.0%, ' dog' out" in after.alt


def test_parts_as_shares():
    picture = plots.parts_of_models({"small": {"embedding": 25, "attention": 75}})
    assert "embedding 25.0%, attention 75.0%" in picture.alt


def test_a_model_without_a_part():
    both = {"tied": {"embedding": 1}, "untied": {"embedding": 1, "head": 1}}
    assert "untied: embedding 50.0%, head 50.0%" in plots.parts_of_models(both).alt


def test_releases_of_one_day_and_value_are_one_point():
    table = pd.DataFrame(
        {
            "date": pd.to_datetime(["2023-07-18", "2023-07-18", "2024-04-18", "2025-04-05"]),
            "context": pd.array([4096, 4096, 8192, None], dtype="Int64"),
        },
        index=["Llama 2 7B", "Llama 2 70B", "Llama 3 8B", "Unknown"],
    )
    alt = plots.timeline(table, "context", "Context", "tokens").alt
    assert "Llama 2 7B, 70B, July 2023: 4.1k" in alt
    assert "Unknown" not in alt


def test_curves_that_lie_on_each_other_are_said_to():
    scores = torch.tensor([[float(abs(row - column)) for column in range(60)] for row in range(60)])
    alt = plots.by_distance(scores, (0, 5), reach=20).alt
    assert "2 curves" in alt
    assert "at most 0)" in alt
    assert "0.0 at distance 0, 19.0 at 19" in alt


def test_an_attention_map_says_where_each_token_looks():
    weights = torch.tensor([[1.0, 0.0], [0.3, 0.7]])
    alt = plots.attention_map(weights, ["All", " human"], "A head").alt
    assert "'All' most at 'All' (100%); ' human' most at ' human' (70%)" in alt


def test_a_cache_with_groups_and_without():
    columns = ["bytes a token", "with multi-head"]
    rows = pd.DataFrame([[1000, 4000]], index=["one"], columns=columns)
    alt = plots.cache_curves(rows, "A cache", tokens=10**6).alt
    assert "one 1.0, if multi-head 4.0" in alt


def test_before_and_after_and_shares():
    table = pd.DataFrame({"before": [3.0], "after": [2.5]}, index=["English"])
    assert "English: 3.00 to 2.50" in plots.before_and_after(table, "Loss", "nats").alt
    alt = plots.shares_with_errors({"facts": (6, 12)}, "Truth", "share of pairs").alt
    assert "facts 50%, plus or minus 29%" in alt
