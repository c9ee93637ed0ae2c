"""Who uses an expert, and who needs it: `python -m training.experts` takes a minute.

Prints, for one layer of the shipped mixture and each domain of the kit's held-out text (cut into
windows of 256 tokens),

- the share of slots that each expert gets, in percent;
- how much the loss rises, in nats a token, when an expert is switched off and its tokens go to the
  next best: the mean over windows, and the standard error of that mean.

`--together 1,3` measures the rise with these experts off at once. Question 9 of assignment 3 shows
what this prints for the last layer.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from transformers import PreTrainedModel

from openllms import models, routing
from training.evaluate import expert_slots, token_losses

WINDOW = 256


def use(model: PreTrainedModel, texts: dict[str, np.ndarray], layer: int) -> pd.DataFrame:
    """Return the share of slots in percent: a row for each domain, a column for each expert.

    Args:
        model: a mixture.
        texts: domain -> (tokens,) ids.
        layer: which layer, from 0.
    """
    slots = {domain: expert_slots(model, ids, WINDOW)[layer] for domain, ids in texts.items()}
    table = pd.DataFrame(slots).T
    return table.div(table.sum(axis="columns"), axis="index") * 100


def rise(
    model: PreTrainedModel, texts: dict[str, np.ndarray], layer: int, experts: Iterable[int]
) -> pd.DataFrame:
    """Return what the loss rises by without some experts of a layer, all of them off at once.

    Args:
        model: a mixture.
        texts: domain -> (tokens,) ids, of at least two windows.
        layer: which layer, from 0.
        experts: which experts, from 0.

    Returns:
        A row for each domain; columns `mean` and `error` (its standard error), in nats a token.
    """

    def by_window(ids: np.ndarray) -> np.ndarray:
        return token_losses(model, ids, WINDOW).mean(axis=1)  # (windows,)

    whole = {domain: by_window(ids) for domain, ids in texts.items()}
    with ExitStack() as switched_off:
        for expert in experts:
            switched_off.enter_context(routing.knocked_out(model, layer, expert))
        rises = {domain: by_window(ids) - whole[domain] for domain, ids in texts.items()}
    rows = {d: {"mean": x.mean(), "error": x.std(ddof=1) / len(x) ** 0.5} for d, x in rises.items()}
    return pd.DataFrame(rows).T


def echo(title: str, table: pd.DataFrame, digits: int) -> None:
    """Print a table; what rounds to zero has no sign."""
    rounded = table.round(digits) + 0.0
    typer.echo(f"{title}\n{rounded.to_string(float_format=f'%.{digits}f')}\n")


def main(
    layer: Annotated[int, typer.Option(help="Which layer, from 0.")] = 3,
    together: Annotated[str, typer.Option(help="Experts to switch off at once: 1,3.")] = "",
) -> None:
    """Print use of the experts and need for them."""
    model, tokenizer = models.load("tiny-mixtral")
    texts = {d: np.array(tokenizer(text).input_ids) for d, text in models.held_out().items()}
    if together:
        echo("rise", rise(model, texts, layer, map(int, together.split(","))), 3)
        return
    typer.echo(f"windows: { {domain: len(ids) // WINDOW for domain, ids in texts.items()} }\n")
    echo("use, percent of the slots", use(model, texts, layer), 1)
    alone = {e: rise(model, texts, layer, [e]) for e in range(model.config.num_local_experts)}
    for column in ("mean", "error"):
        table = pd.DataFrame({expert: found[column] for expert, found in alone.items()})
        echo(f"rise without the expert, {column}", table, 3)


if __name__ == "__main__":
    typer.run(main)
