"""Is one model better than another? `python -m training.compare TOKENS OUT.json A B [C ...]`.

Prints and writes, for each domain and each pair, the mean difference of the held-out losses and a
95% interval from a paired bootstrap. Windows of one document are alike, so whole documents are
drawn again, not windows. The interval says how far other held-out text of the same kinds could
move the difference; how far another training run could, only other seeds say.
"""

import json
from itertools import combinations
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from transformers import AutoModelForCausalLM

from training.evaluate import window_losses
from training.recipe import RECIPE, read_recipe

DRAWS = 10_000


def documents(ids: np.ndarray, sequence: int, end: int) -> np.ndarray:
    """Return the number of the document in which each whole window begins."""
    before = np.cumsum(ids == end) - (ids == end)
    return before[: len(ids) // sequence * sequence : sequence]


def interval(
    differences: np.ndarray, groups: np.ndarray, draws: int = DRAWS, seed: int = 0
) -> tuple[float, float]:
    """Return the 95% bootstrap interval of the mean when whole groups are drawn again.

    Args:
        differences: (windows,) one paired difference a window.
        groups: (windows,) the document of each window.
        draws: how often the documents are drawn, with replacement.
        seed: of the draws.
    """
    _, group = np.unique(groups, return_inverse=True)
    sums, sizes = np.bincount(group, differences), np.bincount(group)
    rng = np.random.default_rng(seed)
    means = [
        sums[drawn].sum() / sizes[drawn].sum()
        for drawn in (rng.integers(len(sizes), size=len(sizes)) for _ in range(draws))
    ]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def compare(
    data: Annotated[Path, typer.Argument(help="Folder that training.tokens wrote.")],
    out: Annotated[Path, typer.Argument(help="The JSON file to write.")],
    models: Annotated[list[Path], typer.Argument(help="Folders of two or more models.")],
    recipe: Annotated[Path, typer.Option(help="Another recipe, such as a reduced one.")] = RECIPE,
) -> None:
    """Compare every pair of models on all held-out text."""
    plan = read_recipe(recipe).training
    found: dict[str, dict[str, dict[str, float | int]]] = {}
    losses: dict[str, dict[str, np.ndarray]] = {}
    held_out = {domain: np.load(data / f"{domain}.held_out.npy") for domain in plan.mix}
    for folder in models:
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
        losses[folder.name] = {
            domain: window_losses(model, ids, plan.sequence).double().numpy()
            for domain, ids in held_out.items()
        }
    end = model.config.eos_token_id
    for first, second in combinations(losses, 2):
        pair = found[f"{first} minus {second}"] = {}
        for domain, ids in held_out.items():
            difference = losses[first][domain] - losses[second][domain]
            groups = documents(ids, plan.sequence, end)
            low, high = interval(difference, groups)
            pair[domain] = {
                "nats_per_token": round(float(difference.mean()), 4),
                "low": round(low, 4),
                "high": round(high, 4),
                "windows": len(difference),
                "documents": len(np.unique(groups)),
            }
            typer.echo(f"{first} minus {second}, {domain}: {json.dumps(pair[domain])}")
    out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(compare)
