"""The registry: what is wrong in it is named, and so is the nearest model."""

import re

import pytest
import yaml

from openllms import models
from openllms.datafiles import DataError
from openllms.models import entries


def test_registry_holds_the_course_models() -> None:
    known = models.registry()
    assert models.DEFAULT in known
    assert "all-MiniLM-L6-v2" in known
    assert known[models.DEFAULT].parameters == 134_515_008
    assert known[models.DEFAULT].bytes == 98_362_432


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "config"),
    [
        (models.DEFAULT, {"vocab_size": 49152, "hidden_size": 576, "intermediate_size": 1536,
                          "num_hidden_layers": 30, "num_attention_heads": 9,
                          "num_key_value_heads": 3, "tie_word_embeddings": True}),
        ("all-MiniLM-L6-v2", {"vocab_size": 30522, "hidden_size": 384, "intermediate_size": 1536,
                              "num_hidden_layers": 6, "num_attention_heads": 12}),
        ("pythia-160m", {"vocab_size": 50304, "hidden_size": 768, "intermediate_size": 3072,
                         "num_hidden_layers": 12, "num_attention_heads": 12}),
    ],
)  # fmt: skip
def test_parameters_are_those_of_the_architecture(name: str, config: dict) -> None:
    import torch
    import transformers

    architecture = getattr(transformers, models.registry()[name].architecture)
    with torch.device("meta"):
        model = architecture(architecture.config_class(**config))
    assert sum(p.numel() for p in model.parameters()) == models.registry()[name].parameters


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("SmolLM2-135M", "SmolLM2-135M-Instruct"),
        ("smollm2-135m-instruct", "SmolLM2-135M-Instruct"),
        ("all-minilm-l6", "all-MiniLM-L6-v2"),
        ("pythia160m", "pythia-160m"),
    ],
)
@pytest.mark.parametrize("call", [models.load, models.fetch, models.folder, models.verify])
def test_unknown_name_suggests_the_nearest(call, asked: str, nearest: str) -> None:
    with pytest.raises(models.ModelError, match=f"did you mean '{nearest}'"):
        call(asked)


def test_name_unlike_any_lists_all() -> None:
    with pytest.raises(models.ModelError, match=r"there are: SmolLM2.*pythia-160m"):
        models.folder("???")


@pytest.fixture
def data() -> dict:
    return yaml.safe_load(entries.DATA.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("model", "path", "value", "said"),
    [
        (models.DEFAULT, ["licence"], None, "licence"),
        (models.DEFAULT, ["lisence"], "MIT", "lisence: unknown field; did you mean 'licence'"),
        (models.DEFAULT, ["source", "pakage"], "x", "unknown field; did you mean 'package'"),
        (models.DEFAULT, ["parameters"], -1, "parameters"),
        (models.DEFAULT, ["card"], "http://x", "card"),
        (models.DEFAULT, ["files", 0, "sha256"], "abc", r"files\[0\]\.sha256"),
        (models.DEFAULT, ["files"], [{"path": "x"}], "needs bytes and sha256"),
        (models.DEFAULT, ["source", "kind"], "ftp", "source"),
        ("pythia-160m", ["source", "revision"], "main", r"source\.hub\.revision"),
        ("pythia-160m", ["source", "repository"], "pythia", r"source\.hub\.repository"),
    ],
)
def test_fault_names_file_model_and_field(
    data: dict, registry, model: str, path: list, value: object, said: str
) -> None:
    place = data[model]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    registry(yaml.safe_dump(data))
    with pytest.raises(DataError, match=rf"broken\.yaml: {re.escape(model)}.*{said}"):
        models.registry()


@pytest.mark.parametrize("text", ["", "- a\n", "a: [", "a: 1\n"])
def test_not_a_registry(registry, text: str) -> None:
    registry(text)
    with pytest.raises(DataError, match=r"broken\.yaml"):
        models.registry()
