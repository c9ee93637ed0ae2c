"""Hub models: the same `load`, from the hub's own cache layout; offline, one clear sentence."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from openllms import models
from openllms.models import entries

NAME, REPOSITORY, REVISION = "tiny-hub", "someone/tiny-hub", "0123456789abcdef" * 2 + "01234567"


@pytest.fixture
def snapshot(tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The tiny model at a revision, laid out as the hub's client keeps what it downloads."""
    from huggingface_hub import constants

    entry = yaml.safe_load((tiny / "registry.yaml").read_text(encoding="utf-8"))["tiny-llama"]
    entry["source"] = {"kind": "hub", "repository": REPOSITORY, "revision": REVISION}
    (tmp_path / "registry.yaml").write_text(yaml.safe_dump({NAME: entry}), encoding="utf-8")
    monkeypatch.setattr(entries, "DATA", tmp_path / "registry.yaml")
    entries.registry.cache_clear()
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    folder = tmp_path / "hub" / "models--someone--tiny-hub" / "snapshots" / REVISION
    shutil.copytree(tiny / "model", folder)
    yield folder
    entries.registry.cache_clear()


@pytest.mark.slow
def test_load_and_fetch_without_a_connection(snapshot: Path) -> None:
    import torch

    assert models.folder(NAME) == snapshot
    assert models.fetch(NAME, progress=False) == snapshot
    assert models.verify(NAME) is None
    model, tokenizer = models.load(NAME)
    assert model.dtype is torch.float32
    assert model.num_parameters() == models.registry()[NAME].parameters
    assert tokenizer.decode(tokenizer("the cat")["input_ids"]) == "the cat"


def test_absent_and_offline_is_one_sentence_that_helps(snapshot: Path) -> None:
    shutil.rmtree(snapshot)
    assert models.folder(NAME) is None
    assert models.verify(NAME) == "it is not there"
    with pytest.raises(models.ModelError) as caught:
        models.load(NAME)
    said = str(caught.value)
    assert "\n" not in said
    assert f"`openllms fetch {NAME}`" in said
    assert "HF_HUB_OFFLINE" in said
    assert "`openllms list`" in said


def test_download_that_broke_off_is_not_taken_for_a_model(snapshot: Path) -> None:
    (snapshot / "tokenizer.json").unlink()
    assert models.folder(NAME) is None
    with pytest.raises(models.ModelError):
        models.load(NAME)


def test_wrong_bytes_are_noticed(snapshot: Path) -> None:
    weights = snapshot / "model.safetensors"
    content = weights.read_bytes()
    weights.write_bytes(content[:-1])
    assert models.folder(NAME) is None
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert hashlib.sha256(weights.read_bytes()).digest() != hashlib.sha256(content).digest()
    assert models.verify(NAME) == "the checksum of model.safetensors is wrong"
    with pytest.raises(models.ModelError, match=r"checksum of model\.safetensors is wrong"):
        models.fetch(NAME, progress=False)


def test_a_moving_branch_is_no_revision() -> None:
    with pytest.raises(ValueError, match="revision"):
        entries.Hub(kind="hub", repository=REPOSITORY, revision="main")
