"""Is one model better than another? `python -m training.compare [RESULTS]` takes seconds.

Reads what `training.evaluate` wrote for each run (RESULTS/NAME-seedN.documents.csv), prints each
model's held-out loss with its spread over seeds, then, for each pair of models, the difference
averaged over the seeds that both have, and writes RESULTS/comparison.json (`--heads` compares the
models that differ in key-value heads, and writes RESULTS/heads.json). Two things could move a
difference, and each has its own number:

- other held-out text of the same kinds: a 95% interval from a paired bootstrap. Windows of one
  document are alike, so whole documents are drawn again;
- another training run: the difference of each seed by itself (runs of one seed see one order of
  batches).
"""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer

RESULTS = Path(__file__).with_name("results")
MODELS = ("tiny-mixtral", "tiny-mistral-active", "tiny-mistral-total")
HEADS = ("tiny-mistral-mha", "tiny-mistral-gqa", "tiny-mistral-mqa")  # 6, 2 and 1
DRAWS = 10_000


def interval(
    nats: np.ndarray, tokens: np.ndarray, draws: int = DRAWS, seed: int = 0
) -> tuple[float, float]:
    """Return the 95% bootstrap interval of nats a token when whole documents are drawn again.

    Args:
        nats: (documents,) sum over each document's tokens.
        tokens: (documents,) how many tokens that are.
        draws: how often the documents are drawn, with replacement.
        seed: of the draws.
    """
    drawn = np.random.default_rng(seed).integers(len(tokens), size=(draws, len(tokens)))
    low, high = np.percentile(nats[drawn].sum(axis=1) / tokens[drawn].sum(axis=1), [2.5, 97.5])
    return float(low), float(high)


def read_documents(results: Path, model: str) -> pd.DataFrame:
    """Return the losses of a model by document: a column of nats for each seed, and `tokens`.

    Raises:
        FileNotFoundError: If no run of the model is there.
    """
    table = pd.DataFrame()
    for file in sorted(results.glob(f"{model}-seed*.documents.csv")):
        run = pd.read_csv(file, index_col=["domain", "document"])
        if not table.empty and not run.tokens.equals(table.tokens):
            raise ValueError(f"{file}: other documents than in the other runs; evaluate them anew")
        table["tokens"] = run.tokens
        table[int(re.findall(r"-seed(\d+)\.", file.name)[-1])] = run.nats
    if table.empty:
        raise FileNotFoundError(f"{results}: no {model}-seed*.documents.csv; run training.evaluate")
    return table


def losses(table: pd.DataFrame) -> pd.DataFrame:
    """Return nats a token: a row for each domain, a column for each seed."""
    sums = table.groupby("domain", sort=False).sum()
    return sums.drop(columns="tokens").div(sums.tokens, axis="index")


def difference(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Compare two models: a row for each domain.

    Args:
        first: one model's losses by document, from `read_documents`.
        second: the other's, on the same documents.

    Returns:
        Columns `mean` (first minus second, in nats a token, averaged over the seeds that both
        have), `low` and `high` (its 95% interval), `documents`, and `seeds` (one difference each).
    """
    seeds = [seed for seed in first if seed in second and seed != "tokens"]
    if not seeds or not first.tokens.equals(second.tokens):
        raise ValueError("the two models share no seed, or were evaluated on different documents")
    nats = first[seeds] - second[seeds]
    rows = {}
    for domain, part in nats.groupby("domain", sort=False):
        tokens = first.tokens.loc[part.index].to_numpy()
        averaged = part.mean(axis="columns").to_numpy()
        low, high = interval(averaged, tokens)
        each = (part.sum() / tokens.sum()).round(4).to_list()
        mean = averaged.sum() / tokens.sum()
        rows[domain] = {
            "mean": round(mean, 4),
            "low": round(low, 4),
            "high": round(high, 4),
            "documents": len(tokens),
            "seeds": each,
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def compare(
    results: Annotated[Path, typer.Argument(help="Folder of NAME-seedN.documents.csv.")] = RESULTS,
    models: Annotated[
        list[str] | None, typer.Option("--model", help="Two or more; without it the shipped ones.")
    ] = None,
    heads: Annotated[bool, typer.Option(help="Compare numbers of key-value heads.")] = False,
) -> None:
    """Print and write how the models compare on held-out text."""
    tables = {
        name: read_documents(results, name) for name in models or (HEADS if heads else MODELS)
    }
    for name, table in tables.items():
        found = losses(table)
        summary = found.agg(["mean", "min", "max"], axis="columns")
        typer.echo(f"{name}, {found.shape[1]} seeds\n{summary.round(4).to_string()}\n")
    pairs = {}
    for first, second in combinations(tables, 2):
        pair = pairs[f"{first} minus {second}"] = difference(tables[first], tables[second])
        typer.echo(f"{first} minus {second}\n{pair.to_string()}\n")
    written = {name: pair.to_dict(orient="index") for name, pair in pairs.items()}
    (results / ("heads.json" if heads else "comparison.json")).write_text(
        json.dumps(written, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    typer.run(compare)
