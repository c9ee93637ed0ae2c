"""The recipe (`models.yaml`) as checked objects, and the transformers model of each shape."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from transformers import PreTrainedModel

RECIPE = Path(__file__).with_name("models.yaml")


class Training(BaseModel):
    """How long and on what each model is trained; the comments of `models.yaml` give the units."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    steps: int
    batch_size: int
    sequence: int
    learning_rate: float
    warmup: int
    weight_decay: float
    clip: float
    evaluate_every: int
    mix: dict[str, float]


class Recipe(BaseModel):
    """The shapes of the models and the training that they share."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    common: dict[str, Any]
    models: dict[str, dict[str, Any]]
    training: Training

    def build(self, name: str, seed: int) -> "PreTrainedModel":
        """Return a freshly initialised model, the same one for the same seed."""
        import torch
        from transformers import AutoConfig, AutoModelForCausalLM

        torch.manual_seed(seed)
        config = AutoConfig.for_model(**self.common | self.models[name])
        return AutoModelForCausalLM.from_config(config, dtype=torch.float32)


def read_recipe(file: Path = RECIPE) -> Recipe:
    """Read and check a recipe file."""
    return Recipe(**yaml.safe_load(file.read_text(encoding="utf-8")))
