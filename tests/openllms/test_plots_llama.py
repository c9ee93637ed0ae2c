"""The figures of lesson 2 say in words what they show."""

import pandas as pd

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
    assert "Llama 2 7B, 70B (July 2023) 4.1k" in alt
    assert "Unknown" not in alt
