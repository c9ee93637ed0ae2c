"""What is kept of each student between runs: results on their way, and a journal of final ones."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from nbclassroom.engine.report import Report
from nbclassroom.errors import RunningError

FOLDER = ".classroom"
REPORTS = "reports.json"


@dataclass(frozen=True)
class Entry:
    """The final word on one student's submission.

    Attributes:
        fingerprint: of the submission, the assignment and the environment; another one means that
            the submission is to be graded again.
        graded: False where it could not be graded; `causes` say why.
        flags: how many things a human should look at.
        relying: test cells that relied on the student's process (a live object).
    """

    student: str
    fingerprint: str
    graded: bool
    score: float = 0.0
    max_score: float = 0.0
    by_hand: int = 0
    causes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    relying: list[str] = field(default_factory=list)
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
            raise RunningError(
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
                if "weaker" in record:  # as `relying` was called until version 0.1
                    record["relying"] = record.pop("weaker")
                found[record["student"]] = Entry(**record)
            except (ValueError, TypeError, KeyError):
                continue  # cut off by a kill
        return found


class Stage:
    """Results that are executed and wait until the gradebook has them.

    Args:
        root: the course's folder.
        assignment: its name.
    """

    def __init__(self, root: Path, assignment: str) -> None:
        self._root = root / FOLDER / assignment / "staged"

    def folder(self, student: str) -> Path:
        """Where the result of a student lies: `REPORTS`, and each notebook as it was executed."""
        return self._root / student

    def put(self, student: str, files: Mapping[str, bytes]) -> None:
        """Put the files of a result on the disk; it is complete once the reports are there."""
        for name in sorted(files, key=lambda name: name == REPORTS):
            write_whole(self.folder(student) / name, files[name])

    def reports(self, student: str, fingerprint: str) -> list[Report] | None:
        """The complete result, if it is there and has this fingerprint."""
        try:
            record = json.loads((self.folder(student) / REPORTS).read_bytes())
        except (OSError, ValueError):
            return None
        if record.get("fingerprint") != fingerprint:
            return None
        return [Report.from_dict(report) for report in record["reports"].values()]

    def drop(self, student: str) -> None:
        """Remove what is there, if anything is."""
        shutil.rmtree(self.folder(student), ignore_errors=True)


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
