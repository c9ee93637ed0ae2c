"""A journal of what was graded: one line for each result, final once it stands on the disk."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any


class JournalError(RuntimeError):
    """The journal is in use by another run, or cannot be written."""


@dataclass(frozen=True)
class Entry:
    """The final word on one student's submission.

    Attributes:
        fingerprint: of the submission, the assignment and the environment; another one means that
            the submission is to be graded again.
        graded: False where it could not be graded; `causes` say why.
        flags: how many things a human should look at.
        weaker: test cells that relied on a live object.
    """

    student: str
    fingerprint: str
    graded: bool
    score: float = 0.0
    max_score: float = 0.0
    by_hand: int = 0
    causes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    weaker: list[str] = field(default_factory=list)
    cpu_seconds: float = 0.0


class Journal:
    """The journal of one assignment, held by one run at a time.

    A line is written and synced as a whole; a line that a kill cut off is not valid JSON, and is
    ignored. Later lines of a student take the place of earlier ones.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file = path.open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise JournalError(
                f"another run is grading this assignment (it holds {path}); wait until it has ended"
            ) from None
        self.entries = self._read()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)  # also for a process that was forked meanwhile
        self._file.close()

    def append(self, entry: Entry) -> None:
        """Write one entry; it is final when this returns."""
        self._file.seek(0, os.SEEK_END)
        line = json.dumps(asdict(entry)).encode() + b"\n"
        if not self._ends_in_newline():
            line = b"\n" + line
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())
        self.entries[entry.student] = entry

    def _ends_in_newline(self) -> bool:
        if self._file.tell() == 0:
            return True
        self._file.seek(-1, os.SEEK_END)
        return self._file.read(1) == b"\n"

    def _read(self) -> dict[str, Entry]:
        self._file.seek(0)
        found: dict[str, Entry] = {}
        for line in self._file.read().splitlines():
            try:
                record: dict[str, Any] = json.loads(line)
                found[record["student"]] = Entry(**record)
            except (ValueError, TypeError, KeyError):
                continue  # cut off by a kill
        return found


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is either as before or complete, whatever happens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
