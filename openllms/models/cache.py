"""The per-user model cache: folders that are either whole and sealed, or not there.

A folder is built beside its final place, sealed (a manifest of sizes and checksums, everything
flushed to the disk) and only then renamed. A process that dies half way leaves a `.partial`
folder, which the next one sweeps away.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from openllms.models.errors import ModelError

VARIABLE = "OPENLLMS_CACHE"
MANIFEST = "openllms.json"
FORMAT = 1  # raise it when converted folders must be made anew


def root() -> Path:
    """The folder that holds one folder for each model; $OPENLLMS_CACHE overrides it."""
    chosen = os.environ.get(VARIABLE)
    return (
        Path(chosen).expanduser()
        if chosen
        else user_cache_path("openllms", appauthor=False) / "models"
    )


def writable() -> Path:
    """The cache's root, made if it is not there.

    Raises:
        ModelError: it cannot be made.
    """
    try:
        root().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(
            f"cannot make the model cache {root()} ({error.strerror}); set {VARIABLE} to a folder "
            "that you may write to."
        ) from error
    return root()


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def seal(folder: Path, origin: str) -> None:
    """Write the manifest of a finished folder and flush the folder to the disk.

    Args:
        folder: a flat folder of files.
        origin: what it was made from; another origin makes it stale.
    """
    files = {}
    for path in sorted(folder.iterdir()):
        _flush(path)
        stat = path.stat()
        files[path.name] = {
            "bytes": stat.st_size,
            "modified": stat.st_mtime_ns,
            "sha256": sha256(path),
        }
    manifest = folder / MANIFEST
    text = json.dumps({"format": FORMAT, "origin": origin, "files": files}, indent=1)
    manifest.write_text(text, encoding="utf-8")
    _flush(manifest)
    _flush(folder)


def verify(folder: Path, origin: str, *, thorough: bool = False) -> str | None:
    """What is wrong with a sealed folder, or None.

    A file whose size and time of change are those of the manifest is taken as whole; any other
    is hashed. So the check costs nothing at each load, and still sees whatever was written since.

    Args:
        folder: where the model should be.
        origin: what it should be made from.
        thorough: hash every file.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if (manifest["format"], manifest["origin"]) != (FORMAT, origin):
            return "it was made from other files or by another version of the kit"
        for name, sealed in manifest["files"].items():
            stat = (folder / name).stat()
            if stat.st_size != sealed["bytes"]:
                return f"{name} has {stat.st_size} bytes instead of {sealed['bytes']}"
            changed = stat.st_mtime_ns != sealed["modified"]
            if (thorough or changed) and sha256(folder / name) != sealed["sha256"]:
                return f"the checksum of {name} is wrong"
    except FileNotFoundError as error:
        return f"{Path(error.filename).name} is missing" if folder.exists() else "it is not there"
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return f"it cannot be read ({error})"
    return None


@contextmanager
def locked(name: str, *, waiting: str = "") -> Iterator[None]:
    """Hold the lock of one model; a process that dies lets go of it.

    Args:
        name: the model's name.
        waiting: what to print when another process holds the lock.
    """
    lock = FileLock(writable() / f".{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if waiting:
            print(waiting)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def building(name: str) -> Iterator[Path]:
    """A fresh folder beside the final one; its subfolder `model` becomes the model at the end.

    Call it with the lock held. Whatever an earlier process left half done is removed.
    """
    _sweep(name)
    work = Path(tempfile.mkdtemp(prefix=f".{name}.partial-", dir=root()))
    try:
        (work / "model").mkdir()
        yield work
        final = root() / name
        if final.exists():  # damaged or stale
            final.rename(work / "old")
        (work / "model").rename(final)
        _flush(root())
    finally:
        shutil.rmtree(work, ignore_errors=True)


def need_space(size: int) -> None:
    """Make sure that the cache's disk has space.

    Raises:
        ModelError: fewer than `size` bytes are free.
    """
    free = shutil.disk_usage(writable()).free
    if free < size:
        raise ModelError(
            f"{size / 1e9:.1f} GB are needed for a while in {root()}, {free / 1e9:.1f} GB are "
            f"free; make room, or set {VARIABLE} to a folder on another disk."
        )


def _sweep(name: str) -> None:
    for left in root().glob(f".{name}.partial-*"):
        shutil.rmtree(left, ignore_errors=True)


def _flush(path: Path) -> None:
    if os.name != "posix" and path.is_dir():
        return  # Windows cannot open a folder
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
