"""Held-out loss of trained models: `python -m training.evaluate TOKENS RUN...`.

Writes into each RUN

- evaluation.json: for each domain the loss in nats a token over every whole window of held-out
  text, the same in bits a byte, which does not depend on the tokenizer, and for a mixture how often
  each layer used each expert;
- documents.csv: the same loss split by document, which `training.compare` needs.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import torch
import typer
from transformers import AutoModelForCausalLM, PreTrainedModel, PreTrainedTokenizerFast

from training.recipe import RECIPE, read_recipe


def whole_windows(ids: np.ndarray, sequence: int) -> np.ndarray:
    """Return (windows, sequence) of a row of tokens; what does not fill a window is left out."""
    return ids[: len(ids) // sequence * sequence].reshape(-1, sequence)


def batches(model: PreTrainedModel, ids: np.ndarray, sequence: int) -> Iterator[torch.Tensor]:
    """Yield the windows, some at a time, where the model is."""
    for rows in torch.from_numpy(whole_windows(ids, sequence).astype(np.int64)).split(32):
        yield rows.to(model.device)


@torch.no_grad()
def token_losses(model: PreTrainedModel, ids: np.ndarray, sequence: int) -> np.ndarray:
    """Return the loss of each predicted token in nats: (windows, sequence - 1).

    Args:
        model: the model, on whatever device.
        ids: (tokens,) the held-out text.
        sequence: tokens a window.
    """
    losses = []
    for rows in batches(model, ids, sequence):
        logits = model(input_ids=rows, use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(
            logits[:, :-1].float().transpose(1, 2), rows[:, 1:], reduction="none"
        )
        losses.append(loss.cpu().double().numpy())
    return np.concatenate(losses)


def held_out_losses(
    model: PreTrainedModel, held_out: dict[str, np.ndarray], sequence: int
) -> dict[str, float]:
    """Return each domain's mean held-out loss in nats a token."""
    was_training = model.training
    model.eval()
    losses = {
        domain: round(float(token_losses(model, ids, sequence).mean()), 4)
        for domain, ids in held_out.items()
    }
    model.train(was_training)
    return losses


def by_document(losses: np.ndarray, ids: np.ndarray, end: int) -> pd.DataFrame:
    """Sum the losses of each document; the token that ends a document belongs to it.

    Args:
        losses: (windows, sequence - 1) from `token_losses`.
        ids: (tokens,) the same text.
        end: id of the token after each document.

    Returns:
        One row a document: its number, its predicted tokens, the sum of their losses in nats.
    """
    ends = ids == end
    document = whole_windows(np.cumsum(ends) - ends, losses.shape[1] + 1)[:, 1:].ravel()
    tokens, nats = np.bincount(document), np.bincount(document, losses.ravel())
    table = pd.DataFrame({"document": np.arange(len(tokens)), "tokens": tokens, "nats": nats})
    return table[table.tokens > 0]


def is_mixture(model: PreTrainedModel) -> bool:
    """Tell whether a model has experts."""
    return hasattr(model.config, "num_local_experts")


@torch.no_grad()
def expert_slots(model: PreTrainedModel, ids: np.ndarray, sequence: int) -> np.ndarray:
    """Count how often each layer of a mixture used each expert: (layers, experts)."""
    config = model.config
    slots = np.zeros((config.num_hidden_layers, config.num_local_experts), dtype=int)
    for rows in batches(model, ids, sequence):
        routed = model.model(input_ids=rows, use_cache=False, output_router_logits=True)
        for layer, logits in enumerate(routed.router_logits):  # (tokens, experts)
            chosen = logits.topk(config.num_experts_per_tok).indices.flatten()
            slots[layer] += chosen.bincount(minlength=config.num_local_experts).cpu().numpy()
    return slots


def usage_entropy(slots: np.ndarray) -> np.ndarray:
    """Return the entropy of each layer's use in bits; log2(experts) if all are used evenly."""
    share = slots / slots.sum(axis=-1, keepdims=True)
    return -(share * np.log2(share, where=share > 0, out=np.zeros_like(share))).sum(axis=-1)


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
        ).eval()
        losses = {d: token_losses(model, ids, plan.sequence) for d, ids in held_out.items()}
        end = tokenizer.eos_token_id
        documents = {d: by_document(losses[d], ids, end) for d, ids in held_out.items()}
        pd.concat(documents, names=["domain"]).droplevel(1).to_csv(
            run / "documents.csv", float_format="%.3f"
        )
        nats = {domain: float(x.mean()) for domain, x in losses.items()}
        found: dict[str, dict] = {
            "nats_per_token": {d: round(x, 4) for d, x in nats.items()},
            "bits_per_byte": {
                d: round(x / math.log(2) / bytes_per_token[d], 4) for d, x in nats.items()
            },
        }
        if is_mixture(model):
            found["expert_slots"] = {
                d: expert_slots(model, ids, plan.sequence).tolist() for d, ids in held_out.items()
            }
        (run / "evaluation.json").write_text(json.dumps(found) + "\n")
        typer.echo(f"{run.name}: {json.dumps(found['nats_per_token'])}")


if __name__ == "__main__":
    typer.run(evaluate)
