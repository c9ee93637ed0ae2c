"""Train one model: `python -m training.train NAME --seed 0 --data TOKENS --out RUNS`.

A run that is stopped (or that reaches `--limit` seconds) goes on from its last checkpoint when the
same command is given again, and ends with the same weights up to the hardware's rounding.
"""

import csv
import math
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from tqdm import tqdm
from transformers import PreTrainedModel, PreTrainedTokenizerFast
from transformers.models.mixtral.modeling_mixtral import load_balancing_loss_func

from training.evaluate import expert_slots, held_out_losses, is_mixture, usage_entropy
from training.recipe import RECIPE, Training, read_recipe

CHECKPOINT = "checkpoint.pt"
WINDOWS = 64  # of each domain's held-out text, for the curve


def batch(data: dict[str, np.ndarray], plan: Training, seed: int, step: int) -> torch.Tensor:
    """Return step `step`'s sequences: they depend on seed and step alone, so a run can resume."""
    rng = np.random.default_rng([seed, step])
    domains = rng.choice(list(plan.mix), size=plan.batch_size, p=list(plan.mix.values()))
    rows = []
    for domain in domains:
        ids = data[domain]
        start = rng.integers(0, len(ids) - plan.sequence)
        rows.append(ids[start : start + plan.sequence].astype(np.int64))
    return torch.from_numpy(np.stack(rows))  # (batch_size, sequence)


def learning_rate(plan: Training, step: int) -> float:
    """Linear warm-up, then a cosine down to a tenth."""
    if step < plan.warmup:
        return plan.learning_rate * (step + 1) / plan.warmup
    progress = (step - plan.warmup) / max(1, plan.steps - plan.warmup)
    return plan.learning_rate * (0.55 + 0.45 * math.cos(math.pi * progress))


def make_optimizer(model: PreTrainedModel, plan: Training) -> torch.optim.AdamW:
    """AdamW; norms, which are vectors, do not decay."""
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() == 1]
    groups = [
        {"params": matrices, "weight_decay": plan.weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=plan.learning_rate, betas=(0.9, 0.95))


def save_checkpoint(
    folder: Path, step: int, model: PreTrainedModel, optimizer: torch.optim.AdamW
) -> None:
    """Write the run's state under a temporary name and rename it: a kill leaves the old one."""
    part = folder / f"{CHECKPOINT}.part"
    torch.save(
        {"step": step, "model": model.state_dict(), "optimizer": optimizer.state_dict()}, part
    )
    part.replace(folder / CHECKPOINT)


def resume(folder: Path, model: PreTrainedModel, optimizer: torch.optim.AdamW) -> int:
    """Load the last checkpoint, if there is one, and return the next step."""
    file = folder / CHECKPOINT
    if not file.exists():
        return 0
    state = torch.load(file, map_location=model.device, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"])


def training_loss(model: PreTrainedModel, ids: torch.Tensor) -> torch.Tensor:
    """Return what training lowers: the loss on the next token, and a mixture's balance loss.

    transformers adds the counts of all layers before it compares experts; with
    `layer_aux_loss_coef` in its configuration, a mixture is balanced layer by layer instead (Fedus
    et al. 2021, arXiv 2101.03961, section 2.2), by the mean of the layers' losses.

    Args:
        model: in training mode.
        ids: (batch, sequence) the tokens.
    """
    outputs = model(input_ids=ids, labels=ids)  # Mixtral's loss has its own balance loss in it
    config = model.config
    if not getattr(config, "layer_aux_loss_coef", 0.0):
        return outputs.loss
    layers = [
        load_balancing_loss_func((logits,), config.num_local_experts, config.num_experts_per_tok)
        for logits in outputs.router_logits
    ]
    return outputs.loss + config.layer_aux_loss_coef * sum(layers) / len(layers)


def steps(
    model: PreTrainedModel,
    optimizer: torch.optim.AdamW,
    data: dict[str, np.ndarray],
    plan: Training,
    seed: int,
    start: int,
) -> Iterator[tuple[int, float]]:
    """Take the training steps one by one, yielding each step's number and training loss."""
    device = model.device
    autocast = torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda")
    for step in range(start, plan.steps):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(plan, step)
        ids = batch(data, plan, seed, step).to(device)
        with autocast:
            loss = training_loss(model, ids)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), plan.clip)
        optimizer.step()
        yield step, loss.item()


def held_out_row(
    model: PreTrainedModel, held_out: dict[str, np.ndarray], sequence: int
) -> dict[str, float]:
    """Return what the curve says of a model: losses, and how evenly each layer uses its experts."""
    part = {domain: ids[: WINDOWS * sequence] for domain, ids in held_out.items()}
    row = held_out_losses(model, part, sequence)
    if is_mixture(model):
        slots = [expert_slots(model, ids, sequence) for ids in part.values()]
        for layer, bits in enumerate(usage_entropy(np.sum(slots, axis=0))):
            row[f"entropy_bits_layer_{layer}"] = round(float(bits), 4)
    return row


def log(file: Path, row: dict[str, float | int]) -> None:
    """Append one row to the run's curve, under a header if the file is new."""
    new = not file.exists()
    with file.open("a", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, list(row))
        if new:
            writer.writeheader()
        writer.writerow(row)


def train(
    name: Annotated[str, typer.Argument(help="A model of models.yaml.")],
    data: Annotated[Path, typer.Option(help="Folder that training.tokens wrote.")],
    out: Annotated[Path, typer.Option(help="Folder for runs, such as NAME-seed0.")],
    seed: Annotated[int, typer.Option(help="Of initialisation and data order.")] = 0,
    recipe: Annotated[Path, typer.Option(help="Another recipe, such as a reduced one.")] = RECIPE,
    limit: Annotated[float, typer.Option(help="Stop after so many seconds.")] = math.inf,
    rate: Annotated[
        float | None, typer.Option("--learning-rate", help="Another one than the recipe's.")
    ] = None,
) -> None:
    """Train a model, or go on with its training, and write it when its last step is done."""
    torch.set_float32_matmul_precision("high")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    whole = read_recipe(recipe)
    plan = whole.training
    run = name
    if rate is not None:
        plan = plan.model_copy(update={"learning_rate": rate})
        run += f"-rate{rate:g}"
    folder = out / f"{run}-seed{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {d: np.load(data / f"{d}.train.npy", mmap_mode="r") for d in plan.mix}
    held_out = {d: np.load(data / f"{d}.held_out.npy") for d in plan.mix}
    model = whole.build(name, seed).train()
    torch.nn.Module.to(model, device)
    optimizer = make_optimizer(model, plan)
    start = resume(folder, model, optimizer)
    began = time.monotonic()
    bar = tqdm(initial=start, total=plan.steps, desc=folder.name, disable=bool(os.getenv("CI")))
    for step, loss in steps(model, optimizer, arrays, plan, seed, start):
        bar.update()
        done = step + 1
        if done % plan.evaluate_every == 0 or done == plan.steps:
            row = held_out_row(model, held_out, plan.sequence)
            log(folder / "curve.csv", {"step": done, "train": round(loss, 4), **row})
            save_checkpoint(folder, done, model, optimizer)
        if time.monotonic() - began > limit:
            typer.echo(f"{folder.name}: stopped by --limit; the same command goes on from here.")
            raise typer.Exit(3)
    model.config.output_router_logits = False  # only training asks for the balance loss
    model.half().save_pretrained(folder / "model")
    PreTrainedTokenizerFast.from_pretrained(data / "tokenizer").save_pretrained(folder / "model")


if __name__ == "__main__":
    typer.run(train)
