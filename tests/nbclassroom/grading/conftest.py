"""A class, released and handed in, and the same class graded."""

import shutil
from pathlib import Path

import pytest

from nbclassroom.engine import Policy

from . import classes


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Path:
    """A course with a released assignment and four submissions, not to be changed."""
    return classes.make(tmp_path_factory.mktemp("released") / "course")


@pytest.fixture
def course(released: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(released, tmp_path / "course"))


@pytest.fixture(scope="session")
def one_job(released: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of it, graded one submission after the other, undisturbed; not to be changed."""
    root = Path(shutil.copytree(released, tmp_path_factory.mktemp("one") / "course"))
    done = classes.call(root, "nbclassroom", "grade", "hw")
    assert done.returncode == 0, done.stdout + done.stderr
    return root
