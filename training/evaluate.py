"""Held-out loss of trained models: `python -m training.evaluate TOKENS RUN...`.

Prints and writes RUN/evaluation.json: loss in nats a token for each domain over every whole
window of held-out text, and the same in bits a byte, which does not depend on the tokenizer.
"""

import json
import math
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from transformers import AutoModelForCausalLM, PreTrainedModel, PreTrainedTokenizerFast

from training.recipe import RECIPE, read_recipe


@torch.no_grad()
def window_losses(model: PreTrainedModel, ids: np.ndarray, sequence: int) -> torch.Tensor:
    """Return the mean loss of each whole window, in nats a token.

    Args:
        model: the model, on whatever device.
        ids: (tokens,) the held-out text.
        sequence: tokens a window.
    """
    windows = torch.from_numpy(ids[: len(ids) // sequence * sequence].astype(np.int64))
    losses = []
    for rows in windows.view(-1, sequence).split(32):  # (windows, sequence)
        part = rows.to(model.device)
        logits = model(input_ids=part, use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(
            logits[:, :-1].float().transpose(1, 2), part[:, 1:], reduction="none"
        )  # (windows, sequence - 1)
        losses.append(loss.mean(dim=1).cpu())
    return torch.cat(losses)


def held_out_losses(
    model: PreTrainedModel, held_out: dict[str, np.ndarray], sequence: int, limit: int | None = None
) -> dict[str, float]:
    """Return each domain's mean held-out loss, over its first `limit` windows if one is given."""
    was_training = model.training
    model.eval()
    size = None if limit is None else limit * sequence
    losses = {
        domain: round(window_losses(model, ids[:size], sequence).mean().item(), 4)
        for domain, ids in held_out.items()
    }
    model.train(was_training)
    return losses


def evaluate(
    data: Annotated[Path, typer.Argument(help="Folder that training.tokens wrote.")],
    runs: Annotated[list[Path], typer.Argument(help="Folders that training.train wrote.")],
    recipe: Annotated[Path, typer.Option(help="Another recipe, such as a reduced one.")] = RECIPE,
) -> None:
    """Evaluate finished runs on all held-out text."""
    plan = read_recipe(recipe).training
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = PreTrainedTokenizerFast.from_pretrained(data / "tokenizer")
    held_out = {domain: np.load(data / f"{domain}.held_out.npy") for domain in plan.mix}
    bytes_per_token = {
        domain: len(tokenizer.decode(ids.tolist()).encode()) / len(ids)
        for domain, ids in held_out.items()
    }
    for run in runs:
        model = AutoModelForCausalLM.from_pretrained(
            run / "model", dtype=torch.float32, device_map=device
        )
        losses = held_out_losses(model, held_out, plan.sequence)
        bits = {d: round(x / math.log(2) / bytes_per_token[d], 4) for d, x in losses.items()}
        found = {"nats_per_token": losses, "bits_per_byte": bits}
        (run / "evaluation.json").write_text(json.dumps(found, indent=1) + "\n")
        typer.echo(f"{run.name}: {json.dumps(found)}")


if __name__ == "__main__":
    typer.run(evaluate)
