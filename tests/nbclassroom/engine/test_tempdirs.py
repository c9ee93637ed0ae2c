"""A killed run's folders are removed by a later run, and nobody else's."""

import os
import signal
import tempfile
import time
from pathlib import Path

import pytest

from nbclassroom.engine.tempdirs import PREFIX, sweep, temporary_folder


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def age(folder: Path) -> None:
    hour_ago = time.time() - 3600
    os.utime(folder, (hour_ago, hour_ago))


def killed_in_a_folder() -> None:
    process = os.fork()
    if process == 0:
        with temporary_folder() as folder:
            (folder / "notebook.ipynb").write_text("{}")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(process, 0)


def test_what_a_killed_run_left_is_removed(temporary: Path) -> None:
    killed_in_a_folder()
    (left,) = temporary.iterdir()
    age(left)
    sweep.__wrapped__()
    assert not left.exists()


def test_what_a_run_holds_stays(temporary: Path) -> None:
    with temporary_folder() as folder:
        age(folder)
        sweep.__wrapped__()
        assert folder.is_dir()
    assert not folder.exists()


def test_a_new_folder_and_a_link_stay(temporary: Path, tmp_path_factory: pytest.TempPathFactory):
    killed_in_a_folder()
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    age(elsewhere)
    (temporary / f"{PREFIX}link").symlink_to(elsewhere)
    sweep.__wrapped__()
    assert len(list(temporary.iterdir())) == 2
    assert elsewhere.is_dir()
