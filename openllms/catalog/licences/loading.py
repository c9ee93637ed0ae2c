"""Loads the licences and finds one by its key, or by another of its names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from openllms.catalog.licences.schema import Licence
from openllms.datafiles import DataError, did_you_mean, display, read

DATA = Path(__file__).parent
"""The folder of the licence files."""


def licences(folder: Path = DATA) -> dict[str, Licence]:
    """Return all licences by their key.

    Args:
        folder: Where the licence files are; one YAML file a licence.

    Raises:
        DataError: If a file is wrong; the message names the file and the field, a line a problem.
    """
    return dict(_licences(folder))


def licence(name: str) -> Licence:
    """Return the licence with that key, name or alias; capitals do not matter.

    Raises:
        KeyError: If there is none; the message offers the nearest keys.
    """
    known = {
        other.casefold(): found
        for found in licences().values()
        for other in (found.key, found.name, *found.aliases)
    }
    if name.casefold() not in known:
        raise KeyError(f"no licence is called {name!r}; {did_you_mean(name, licences())}")
    return known[name.casefold()]


@cache
def _licences(folder: Path) -> dict[str, Licence]:
    files = {path: read(path, Licence) for path in sorted(folder.glob("*.yaml"))}
    problems = [
        f"{display(path)}: {problem}"
        for path, found in files.items()
        for problem in _problems(path, found)
    ]
    if problems:
        raise DataError("\n".join(problems))
    return {found.key: found for found in files.values()}


def _problems(path: Path, found: Licence) -> Iterator[str]:
    if found.key.casefold() != path.stem:
        yield f"key: {found.key!r} belongs into a file {found.key.casefold()}.yaml"
    for place, entry in found.entries():
        if entry.source not in found.sources:
            hint = did_you_mean(entry.source, found.sources)
            yield f"{place}.source: no source has the key {entry.source!r}; {hint}"
    if found.silent:
        for clause in found.silent.clauses:
            if getattr(found.terms, clause) is not None:
                yield f"silent.clauses: {clause} stands under terms too"
