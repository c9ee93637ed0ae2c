"""What a result depends on: another fingerprint means that it must be made again."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
import os
import platform
from collections.abc import Iterable
from pathlib import Path

from nbclassroom.engine.assignment import Assignment
from nbclassroom.engine.limits import Policy

#: Raise when a change of the engine can change scores.
ENGINE = 1


def of_folder(folder: Path) -> str:
    """The names and contents of everything in a folder; links and special files by their kind."""
    digest = hashlib.sha256()
    for base, folders, names in os.walk(folder):
        folders.sort()
        links = [name for name in folders if Path(base, name).is_symlink()]
        for path in (Path(base, name) for name in sorted([*names, *links])):
            _add(digest, path.relative_to(folder).as_posix())
            _add(digest, _of_file(path))
    return digest.hexdigest()


def _of_file(path: Path) -> str:
    if path.is_symlink():
        return f"link {path.readlink()}"
    if not path.is_file():
        return "special"
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except PermissionError:
        return "unreadable"


def of_assignment(assignments: Iterable[Assignment]) -> str:
    """The cells and files of an assignment's notebooks."""
    digest = hashlib.sha256()
    for assignment in assignments:
        cells = [
            [cell.role.value, cell.source, cell.reference, cell.metadata, cell.extra]
            for cell in assignment.cells
        ]
        _add(digest, json.dumps([assignment.name, cells], sort_keys=True, default=str))
        if assignment.files:
            _add(digest, of_folder(assignment.files))
    return digest.hexdigest()


def of_environment(policy: Policy) -> str:
    """The engine, the policy, Python and every installed package."""
    text = json.dumps([ENGINE, str(policy), *packages()])
    return hashlib.sha256(text.encode()).hexdigest()


@functools.cache
def packages() -> tuple[str, ...]:
    """Python and every installed package, with their versions."""
    described = (each.metadata for each in importlib.metadata.distributions())  # parsed each time
    found = {f"{each['Name']}=={each['Version']}" for each in described}
    return f"Python=={platform.python_version()}", *sorted(found)


def combined(*parts: str) -> str:
    """One fingerprint of several."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _add(digest: hashlib._Hash, text: str) -> None:
    digest.update(f"{len(text)}:{text}".encode(errors="surrogateescape"))
