"""The doctor and the command line, with healthy and with sick environments."""

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openllms import doctor, models, packages
from openllms.cli import app
from openllms.models import entries

WITHOUT = """
import sys
from importlib import metadata
gone = set(sys.argv[1].split(","))
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in gone:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
real = metadata.version
def version(name):
    if name in gone:
        raise metadata.PackageNotFoundError(name)
    return real(name)
metadata.version = version
from openllms import doctor
raise SystemExit(doctor.report())
"""


def examined_without(*names: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", WITHOUT, ",".join(names)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """Versions that override the installed ones; None: not installed."""
    other: dict[str, str | None] = {}
    real = packages.installed
    monkeypatch.setattr(packages, "installed", lambda name: other.get(name, real(name)))
    return other


def test_nothing_is_missing_here() -> None:
    assert packages.missing() == []


def test_requirements_are_those_of_the_kit_without_extras() -> None:
    wanted = packages.requirements()
    assert {"torch", "transformers", "gguf"} <= set(wanted)
    assert "jupyterlab" not in wanted
    assert wanted["ipywidgets"] == ">=7.7.1"


def test_missing_and_old_requirements_are_named(versions) -> None:
    versions |= {"gguf": None, "transformers": "4.57.0", "ipywidgets": "7.7.1"}
    assert [text.split(">=")[0] for text in packages.missing()] == ["gguf", "transformers"]


def test_colab_lacks_only_what_it_lacks(versions, root: Path) -> None:
    """With a hosted service's own versions nothing that it brings is touched."""
    pins = (root / "tests" / "colab" / "packages.txt").read_text(encoding="utf-8")
    colab = {
        name.strip().lower().replace("_", "-"): version.strip()
        for name, _, version in (line.partition("==") for line in pins.splitlines())
        if version
    }
    for name in packages.requirements():
        versions[name] = colab.get(name.lower())
    assert "ipywidgets>=7.7.1" not in packages.missing()
    assert any(text.startswith("gguf") for text in packages.missing())
    for text in packages.missing():
        assert text.split(">=")[0].lower() not in colab, f"Colab's {text} is too old for the kit"


@pytest.mark.parametrize(
    "gone",
    [("torch",), ("transformers", "torch"), ("pydantic",), ("yaml", "pyyaml"), ("typer",)],
    ids="+".join,
)
def test_works_without_what_it_reports(gone: tuple[str, ...]) -> None:
    run = examined_without(*gone)
    assert run.returncode == 1, run.stdout + run.stderr
    assert run.stderr == ""
    for name in set(gone) & set(packages.requirements()):
        line = next(line for line in run.stdout.splitlines() if line.split()[:2] == ["MEND", name])
        assert "missing (needs >=" in line
        assert f"install '{name}>=" in run.stdout
    assert "to mend." in run.stdout


def test_kit_that_is_not_installed(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    def absent(name: str) -> list[str]:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", absent)
    monkeypatch.setattr(metadata, "version", absent)
    assert doctor.report() == 1
    assert "install the kit" in capsys.readouterr().out


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPENLLMS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_absent_default_model_is_to_mend(empty_cache: Path) -> None:
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 1
    assert f"-> openllms fetch {models.DEFAULT}" in result.stdout
    assert "-> openllms fetch all-MiniLM-L6-v2" not in result.stdout  # absent, but not needed


def test_broken_model_is_to_mend(empty_cache: Path) -> None:
    (empty_cache / "all-MiniLM-L6-v2").mkdir(parents=True)
    result = CliRunner().invoke(app, ["doctor"])
    assert "openllms.json is missing" in result.stdout
    assert "-> openllms fetch all-MiniLM-L6-v2" in result.stdout


def test_full_disk_is_to_mend(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "space_needed", lambda name: 10**15)
    result = CliRunner().invoke(app, ["doctor"])
    assert "1000000.0 GB free, or set OPENLLMS_CACHE" in result.stdout


def test_missing_option_prints_requirements_alone(versions) -> None:
    versions["gguf"] = None
    result = CliRunner().invoke(app, ["doctor", "--missing"])
    assert (result.exit_code, result.stdout) == (1, f"gguf{packages.requirements()['gguf']}\n")


def test_list_shows_every_model(empty_cache: Path) -> None:
    result = CliRunner().invoke(app, ["list"])
    assert result.exit_code == 0
    for name, entry in models.registry().items():
        here = "here" if entry.source.kind == "shipped" else "not fetched"
        assert f"{name}  ({here})" in result.stdout
        assert f"{entry.parameters:,} parameters, {entry.licence}" in result.stdout


def test_fetch_of_an_unknown_name() -> None:
    result = CliRunner().invoke(app, ["fetch", "SmolLM2"])
    assert result.exit_code == 1
    assert f"did you mean '{models.DEFAULT}'?" in result.stderr
    assert "Traceback" not in result.output


def test_fetch_of_what_is_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(models, "fetch", lambda name, progress: tmp_path / name)
    result = CliRunner().invoke(app, ["fetch"])
    assert result.exit_code == 0
    assert str(tmp_path / entries.DEFAULT) in result.stdout.replace("\n", "")
