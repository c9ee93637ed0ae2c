"""The configurations of full-size models, as data (`configs/*.json`).

Each file holds what decides the shapes and the KV cache, in the words of the model's own
`config.json`; where the values were read stands with the release in the catalogue.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from openllms.datafiles import did_you_mean

if TYPE_CHECKING:
    from transformers import PreTrainedConfig

_FOLDER = Path(__file__).with_name("configs")


def names() -> list[str]:
    """Return the names of the models whose configuration is known, sorted."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))


def config(name: str) -> PreTrainedConfig:
    """Return the configuration of a model as a transformers object.

    Args:
        name: The name of a release in the catalogue, such as `"Llama 2 7B"`; capitals and the
            choice between blank and hyphen do not matter.

    Returns:
        A new configuration of the model's own class (`LlamaConfig`, `MixtralConfig`, ...).

    Raises:
        KeyError: If no configuration of that name is known; the message offers the nearest names.
    """
    from transformers import AutoConfig

    key = name.lower().replace(" ", "-")
    if key not in names():
        raise KeyError(f"no configuration is called {name!r}; {did_you_mean(key, names())}")
    fields = json.loads((_FOLDER / f"{key}.json").read_text(encoding="utf-8"))
    return AutoConfig.for_model(fields.pop("model_type"), **fields)
