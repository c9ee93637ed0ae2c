"""Temporary folders of a run; what a killed run left behind, a later one removes."""

import contextlib
import fcntl
import functools
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PREFIX = "classroom-run-"
#: Seconds in which a new folder may not be locked yet.
_GRACE = 60


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that is locked as long as this process, or one forked of it meanwhile, lives."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name, _opened(Path(name)) as folder:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield Path(name)


@functools.cache
def sweep() -> None:
    """Remove this user's folders that nobody holds any more."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), _opened(path) as folder:
            found = os.fstat(folder)
            if found.st_uid == os.getuid() and time.time() - found.st_mtime > _GRACE:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
