"""The repository as the tests of its rules see it."""

import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement


@pytest.fixture(scope="session")
def files(root: Path) -> list[str]:
    """Names of the files that are in git or would be with the next commit."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return sorted(name for name in listed.split("\0") if name and (root / name).is_file())


@pytest.fixture(scope="session")
def student(root: Path) -> dict[str, Any]:
    """The student kit's pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def instructor(root: Path) -> dict[str, Any]:
    """The instructor kit's pyproject.toml."""
    return tomllib.loads((root / "nbclassroom/pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def lab_lock(root: Path) -> list[Requirement]:
    """The lines of requirements.lock, which `make lab` installs."""
    return requirements(root / "requirements.lock")


@pytest.fixture(scope="session")
def lock(root: Path) -> list[Requirement]:
    """The lines of requirements-test.lock: those of requirements.lock and what the tests add."""
    return requirements(root / "requirements-test.lock")


@pytest.fixture(scope="session")
def on_colab(root: Path) -> list[Requirement]:
    """What Colab has installed."""
    return requirements(root / "tests/colab/packages.txt")


def requirements(path: Path) -> list[Requirement]:
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line]
