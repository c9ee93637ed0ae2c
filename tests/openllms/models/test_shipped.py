"""The models that come with the kit: whole, small enough, and refused when damaged."""

import json
import shutil
from pathlib import Path

import pytest
import torch
import yaml
from typer.testing import CliRunner

from openllms import catalog, doctor, models
from openllms.catalog.licences import licences
from openllms.cli import app
from openllms.datafiles import DataError
from openllms.models import entries, sources

SHIPPED = [name for name, entry in models.registry().items() if entry.source.kind == "shipped"]


def test_four_models_come_with_the_kit_in_35_mb():
    assert [
        *("tiny-mixtral", "tiny-mistral-active", "tiny-mistral-total", "tiny-mistral-mha")
    ] == SHIPPED
    assert sum(models.registry()[name].bytes for name in SHIPPED) <= 35_000_000


@pytest.mark.parametrize("name", SHIPPED)
def test_every_byte_is_that_of_the_registry_and_nothing_else_lies_there(name):
    entry = models.registry()[name]
    folder = models.fetch(name)
    assert folder == models.folder(name) == sources.SHIPPED / name
    assert {path.name for path in folder.iterdir()} == {f.path for f in entry.files} | {"README.md"}
    assert all((folder / file.path).stat().st_size == file.bytes for file in entry.files)
    assert models.verify(name) is None


def test_a_held_model_is_given_once_and_then_loaded():
    models.hold(SHIPPED[0])
    (held,) = [loaded.model for loaded in models._held.values()]
    assert models.load(SHIPPED[0]).model is held
    again = models.load(SHIPPED[0]).model
    assert again is not held
    assert all(map(torch.equal, again.parameters(), held.parameters()))


def test_holding_a_model_that_is_not_here_fetches_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("OPENLLMS_CACHE", str(tmp_path))
    models.hold()
    assert not models._held
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", SHIPPED)
def test_loads_the_real_class_in_float32(name):
    entry = models.registry()[name]
    model, tokenizer = models.load(name)
    assert type(model).__name__ == entry.architecture
    assert model.dtype == torch.float32
    assert not model.training
    assert sum(weight.numel() for weight in model.parameters()) == entry.parameters
    text = "def add(a, b): return a + b  # não é 12"
    assert tokenizer.decode(tokenizer(text).input_ids) == text
    assert len(tokenizer) == model.config.vocab_size


def test_the_tokenizer_is_the_same_for_all():
    texts = {(models.fetch(name) / "tokenizer.json").read_bytes() for name in SHIPPED}
    assert len(texts) == 1


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of one shipped model that may be damaged."""
    folder = tmp_path / SHIPPED[0]
    shutil.copytree(sources.SHIPPED / SHIPPED[0], folder)
    monkeypatch.setattr(sources, "SHIPPED", tmp_path)
    return folder


def test_a_damaged_file_of_the_right_size_is_refused_and_named(copy: Path):
    weights = copy / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert models.folder(SHIPPED[0]) is None
    assert models.verify(SHIPPED[0]) == "the checksum of model.safetensors is wrong"
    for call in (models.fetch, models.load):
        with pytest.raises(models.ModelError, match=r"checksum of model\.safetensors.*again"):
            call(SHIPPED[0])


def test_a_missing_file_is_refused_and_the_doctor_says_so(copy: Path):
    (copy / "config.json").unlink()
    with pytest.raises(models.ModelError, match=r"config\.json is missing.*again"):
        models.load(SHIPPED[0])
    finding = next(f for f in doctor.examine() if f.what == SHIPPED[0])
    assert finding.state == "config.json is missing"
    assert finding.mend


def test_the_list_says_that_they_are_here():
    shown = CliRunner().invoke(app, ["list"]).output
    for name in SHIPPED:
        assert f"{name}  (here)" in shown
    assert "12 MB from the kit itself" in shown


def test_a_shipped_file_without_a_checksum_is_a_fault_of_the_registry(registry):
    data = yaml.safe_load(entries.DATA.read_text(encoding="utf-8"))
    del data[SHIPPED[0]]["files"][0]["sha256"]
    registry(yaml.safe_dump(data))
    with pytest.raises(DataError, match="shipped model needs bytes and sha256"):
        models.registry()


@pytest.mark.parametrize("name", SHIPPED)
def test_the_card_says_what_a_card_must(name, root: Path):
    card = (root / models.registry()[name].card).read_text(encoding="utf-8")
    for heading in ("Intended use", "Training data", "Licence", "Results", "Limits"):
        assert f"## {heading}" in card
    assert f"{models.registry()[name].parameters:,}" in card


def test_what_the_kit_says_of_the_models_is_what_training_measured(root: Path):
    results = root / "training" / "results"
    told = models.evaluation() | models.heads()
    assert set(SHIPPED) < set(told)
    for name, seeds in told.items():
        assert len(seeds) >= 3
        assert len(seeds) == len(list(results.glob(f"{name}-seed*.evaluation.json")))
        for seed, losses in seeds.items():
            measured = json.loads((results / f"{name}-seed{seed}.evaluation.json").read_text())
            assert losses == measured["nats_per_token"]


def test_held_out_text_of_every_domain():
    texts = models.held_out()
    assert list(texts) == ["english", "code", "portuguese", "arithmetic"]
    assert all(len(text) > 10_000 for text in texts.values())


@pytest.mark.parametrize("name", SHIPPED)
def test_by_the_checklist_of_lesson_1_it_is_open_source(name):
    release = catalog.table().loc[name]
    terms = licences()[release.licence].terms
    assert terms.commercial_use.value == "allowed"
    assert terms.access.value == "download"
    assert terms.osi_approved.value
    assert not terms.restricted
    assert release[["weights", "training_code", "data_information", "training_data"]].all()
    assert release.parameters == models.registry()[name].parameters
