"""The real models, loaded for real; they are fetched first where they are not yet."""

import importlib.util
from pathlib import Path

import pytest

from openllms import models

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def smol() -> models.Loaded:
    return models.load()


def test_it_knows_the_capital_of_france(smol: models.Loaded) -> None:
    chat = [{"role": "user", "content": "What is the capital of France?"}]
    inputs = smol.tokenizer.apply_chat_template(
        chat, add_generation_prompt=True, return_tensors="pt", return_dict=True
    )
    output = smol.model.generate(**inputs, max_new_tokens=12, do_sample=False)
    answer = smol.tokenizer.decode(output[0, inputs["input_ids"].shape[1] :])
    assert answer == "The capital of France is Paris.<|im_end|>"


def test_it_is_the_real_class_in_float32(smol: models.Loaded) -> None:
    import torch
    from transformers import LlamaForCausalLM

    assert type(smol.model) is LlamaForCausalLM
    assert {parameter.dtype for parameter in smol.model.parameters()} == {torch.float32}
    assert not smol.model.training
    assert sum(p.numel() for p in smol.model.parameters()) == 134_515_008
    assert not hasattr(smol.model.config, "quantization_config")


def test_a_learner_may_save_it(smol: models.Loaded, tmp_path: Path) -> None:
    """transformers refuses to save a model that it loaded from GGUF; ours is free of that."""
    smol.model.save_pretrained(tmp_path)
    assert (tmp_path / "model.safetensors").stat().st_size > 500_000_000


def test_sentences_of_one_meaning_are_near() -> None:
    import torch

    model, tokenizer = models.load("all-MiniLM-L6-v2")
    texts = ["How old are you?", "What is your age?", "The train leaves at noon."]
    inputs = tokenizer(texts, padding=True, return_tensors="pt")
    with torch.inference_mode():
        states = model(**inputs).last_hidden_state  # (3, seq, 384)
    mask = inputs["attention_mask"].unsqueeze(-1)
    means = (states * mask).sum(1) / mask.sum(1)
    means = torch.nn.functional.normalize(means)
    assert means.shape == (3, 384)
    assert means[0] @ means[1] > 0.7 > 0.3 > means[0] @ means[2]


@pytest.mark.alone
def test_load_takes_at_most_1_2_times_from_pretrained(root: Path) -> None:
    path = root / "benchmarks" / "model_load.py"
    spec = importlib.util.spec_from_file_location("model_load", path)
    assert spec
    assert spec.loader
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    assert benchmark.main(rounds=9) <= 1.2
