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


def expert_use() -> dict[str, dict[str, list[list[float]]]]:
    """Share of slots that each expert got on held-out text: model -> seed -> layer -> expert.

    Domains weigh as much as in training. `tiny-mixtral-unbalanced` is the mixture trained without
    the balance loss, which is not shipped.
    """
    found: dict[str, dict[str, list[list[float]]]]
    found = json.loads((SHIPPED / "expert_use.json").read_text(encoding="utf-8"))
    return found
