"""What was measured on the shipped models, and held-out text to measure more on."""

import json

from openllms.models.sources import SHIPPED


def held_out() -> dict[str, str]:
    """A few held-out documents of each domain that the shipped models know (domain -> text).

    `shipped/held_out.json` names where each comes from, and its licence.
    """
    texts = json.loads((SHIPPED / "held_out.json").read_text(encoding="utf-8"))
    return {domain: entry["text"] for domain, entry in texts.items()}


def evaluation() -> dict[str, dict[str, dict[str, float]]]:
    """Loss on all held-out text in nats a token: model -> seed -> domain -> loss."""
    found: dict[str, dict[str, dict[str, float]]]
    found = json.loads((SHIPPED / "evaluation.json").read_text(encoding="utf-8"))
    return found


def heads() -> dict[str, dict[str, dict[str, float]]]:
    """The same loss of three models that differ in key-value heads, by model, seed and domain.

    `tiny-mistral-mha` has 6 of them, `tiny-mistral-gqa` 2, `tiny-mistral-mqa` 1; the feed-forward
    part makes up for the parameters. Only the first is shipped.
    """
    found: dict[str, dict[str, dict[str, float]]]
    found = json.loads((SHIPPED / "heads.json").read_text(encoding="utf-8"))
    return found


def expert_use() -> dict[str, dict[str, list[list[float]]]]:
    """Share of slots that each expert got on held-out text: model -> seed -> layer -> expert.

    Domains weigh as much as in training. Two are not shipped: `tiny-mixtral-unbalanced`, trained
    without the balance loss, and `tiny-mixtral-layerwise`, with one for each layer by itself.
    """
    found: dict[str, dict[str, list[list[float]]]]
    found = json.loads((SHIPPED / "expert_use.json").read_text(encoding="utf-8"))
    return found
