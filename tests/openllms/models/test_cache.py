"""Whatever happens to the process or the disk, a model in the cache is whole or not there."""

import os
import resource
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from openllms.models import cache
from openllms.models.entries import ModelError

# Builds a "model" of two files through the cache alone. With a third argument it kills itself
# at that numbered step: every file that it opens or moves, every folder it makes or removes.
BUILD = """
import os, sys
from pathlib import Path
from openllms.models import cache

def build():
    with cache.locked("m"), cache.building("m") as work:
        (work / "model" / "weights").write_bytes(b"w" * 300_000)
        (work / "model" / "config").write_text("{}")
        cache.seal(work / "model", "origin")

steps = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree"}
left = int(sys.argv[1])

def hook(event, _arguments):
    global left
    if event in steps:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)

cache.writable()
sys.addaudithook(hook)
build()
print("built")
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPENLLMS_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def build(content: str = "{}") -> None:
    with cache.locked("m"), cache.building("m") as work:
        (work / "model" / "weights").write_bytes(b"w" * 300_000)
        (work / "model" / "config").write_text(content, encoding="utf-8")
        cache.seal(work / "model", "origin")


def visible(root: Path) -> list[str]:
    return sorted(path.name for path in root.iterdir() if not path.name.endswith(".lock"))


def test_build_then_intact(root: Path) -> None:
    build()
    assert cache.verify(root / "m", "origin", thorough=True) is None
    assert visible(root) == ["m"]


def test_not_there(root: Path) -> None:
    assert cache.verify(root / "m", "origin") == "it is not there"


@pytest.mark.slow
def test_kill_at_every_step_leaves_a_whole_model_or_none(root: Path) -> None:
    outcomes = []
    for step in range(1, 200):
        shutil.rmtree(root, ignore_errors=True)
        run = subprocess.run([sys.executable, "-c", BUILD, str(step)], capture_output=True)
        here = (root / "m").exists()
        outcomes.append(here)
        assert cache.verify(root / "m", "origin", thorough=True) == (
            None if here else "it is not there"
        ), f"step {step}"
        if run.returncode == 0:
            break
        assert run.returncode == -signal.SIGKILL, run.stderr
        build()  # the next process finds the lock free, sweeps and succeeds
        assert cache.verify(root / "m", "origin", thorough=True) is None
        assert visible(root) == ["m"], f"step {step} left something behind"
    assert run.returncode == 0
    assert len(outcomes) > 10, "the hook saw almost nothing"
    assert outcomes[0] is False


@pytest.mark.slow
def test_kill_while_replacing_never_shows_a_mixture(root: Path) -> None:
    """An old, damaged model is there; the replacement is killed at every step."""
    for step in range(1, 200):
        shutil.rmtree(root, ignore_errors=True)
        build("an older one")
        run = subprocess.run([sys.executable, "-c", BUILD, str(step)], capture_output=True)
        fault = cache.verify(root / "m", "origin", thorough=True)
        assert fault in (None, "it is not there"), f"step {step}"
        if run.returncode == 0:
            break
    assert (root / "m" / "config").read_text(encoding="utf-8") == "{}"


def small_disk(folder: Path, size: int) -> bool:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        return subprocess.run(mount, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("size", ["4k", "64k", "256k", "296k", "300k"])
def test_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: str) -> None:
    disk = tmp_path / "disk"
    if not small_disk(disk, size):
        pytest.skip("mounting a small disk needs root; the file-size limit below stands in")
    monkeypatch.setenv("OPENLLMS_CACHE", str(disk))
    try:
        with pytest.raises(OSError, match="No space left"):
            build()
        assert cache.verify(disk / "m", "origin") == "it is not there"
        assert visible(disk) == []
        subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)
        build()
        assert cache.verify(disk / "m", "origin", thorough=True) is None
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("limit", [0, 1, 100_000, 299_999])
def test_write_error_part_way(root: Path, limit: int) -> None:
    cache.writable()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            build()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert cache.verify(root / "m", "origin") == "it is not there"
    assert visible(root) == []


def test_no_room_is_said_before_starting(root: Path) -> None:
    with pytest.raises(ModelError, match=r"are free; make room, or set OPENLLMS_CACHE"):
        cache.need_space(10**15)
    cache.need_space(1)


def test_cache_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("OPENLLMS_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(ModelError, match="set OPENLLMS_CACHE to a folder that you may write to"):
        build()


@pytest.mark.parametrize("name", ["weights", "config", cache.MANIFEST])
class TestDamage:
    """Each file, damaged in each way, is noticed by the cheap check already."""

    def test_removed(self, root: Path, name: str) -> None:
        build()
        (root / "m" / name).unlink()
        assert cache.verify(root / "m", "origin") == f"{name} is missing"

    def test_truncated(self, root: Path, name: str) -> None:
        build()
        os.truncate(root / "m" / name, 1)
        assert cache.verify(root / "m", "origin")

    def test_one_byte_changed(self, root: Path, name: str) -> None:
        build()
        path = root / "m" / name
        content = bytearray(path.read_bytes())
        content[0] ^= 1
        path.write_bytes(content)
        assert cache.verify(root / "m", "origin")


def test_silent_bit_rot_is_seen_by_the_thorough_check(root: Path) -> None:
    build()
    path = root / "m" / "weights"
    stat = path.stat()
    path.write_bytes(b"W" + path.read_bytes()[1:])
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert cache.verify(root / "m", "origin") is None  # what a disk does behind our back
    assert cache.verify(root / "m", "origin", thorough=True) == "the checksum of weights is wrong"


def test_copied_cache_is_hashed_and_accepted(root: Path) -> None:
    build()
    shutil.copytree(root / "m", root / "n", copy_function=shutil.copyfile)
    assert (root / "n" / "weights").stat().st_mtime_ns != (root / "m/weights").stat().st_mtime_ns
    assert cache.verify(root / "n", "origin") is None


def test_another_origin_is_stale(root: Path) -> None:
    build()
    assert "made from other files" in (cache.verify(root / "m", "newer") or "")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', "null", "\xff"])
def test_manifest_that_is_none(root: Path, text: str) -> None:
    build()
    (root / "m" / cache.MANIFEST).write_text(text, encoding="latin-1")
    assert "cannot be read" in (cache.verify(root / "m", "origin") or "")
