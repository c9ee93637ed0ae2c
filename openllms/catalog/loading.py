"""Loads the catalogue: every family file, checked on its own and against the others."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from openllms.catalog.licences import licences
from openllms.catalog.schema import ARTEFACTS, Family, Release
from openllms.datafiles import DataError, did_you_mean, display, read

DATA = Path(__file__).with_name("data")
"""The folder of the family files."""


def load(folder: Path = DATA) -> list[Release]:
    """Return all releases of the catalogue, family by family.

    Args:
        folder: Where the family files are; one YAML file a family.

    Raises:
        DataError: If a file is wrong; the message names the file and the field, a line a problem.
    """
    return [release for family in _families(folder).values() for release in family.releases]


def find(name: str) -> Release:
    """Return the release called `name`.

    Raises:
        KeyError: If there is none; the message offers the nearest names.
    """
    releases = {release.name: release for release in load()}
    if name not in releases:
        raise KeyError(f"no release is called {name!r}; {did_you_mean(name, releases)}")
    return releases[name]


@cache
def _families(folder: Path) -> dict[Path, Family]:
    families = {path: read(path, Family) for path in sorted(folder.glob("*.yaml"))}
    problems = [
        f"{display(path)}: {problem}"
        for path, family in families.items()
        for problem in _source_problems(family)
    ]
    problems += _name_problems(families)
    if problems:
        raise DataError("\n".join(problems))
    return families


def _source_problems(family: Family) -> Iterator[str]:
    """Find facts whose source key the file does not define."""
    for index, release in enumerate(family.releases):
        for field, fact in release.facts():
            if fact.source not in family.sources:
                field = f"artefacts.{field}" if field in ARTEFACTS else field
                hint = did_you_mean(fact.source, family.sources)
                where = f"releases[{index}].{field}.source"
                yield f"{where}: no source has the key {fact.source!r}; {hint}"


def _name_problems(families: dict[Path, Family]) -> Iterator[str]:
    """Find names given twice, and bases and licences that no file describes."""
    names = {release.name for family in families.values() for release in family.releases}
    seen: dict[str, str] = {}
    for path, family in families.items():
        for index, release in enumerate(family.releases):
            here = f"{display(path)}: releases[{index}]"
            if release.name in seen:
                yield f"{here}.name: {release.name!r} stands already at {seen[release.name]}"
            seen.setdefault(release.name, here)
            if release.base and release.base.value not in names:
                base = release.base.value
                yield f"{here}.base: no release is called {base!r}; {did_you_mean(base, names)}"
            if release.licence and release.licence.value not in licences():
                key = release.licence.value
                hint = did_you_mean(key, licences())
                yield f"{here}.licence: no licence has the key {key!r}; {hint}"
