"""The Python packages around the kit, asked for with nothing but the standard library."""

import importlib.util
import shutil
import sys
from importlib import metadata
from typing import NamedTuple

KIT = "openllms"


class Client(NamedTuple):
    """A package client: "pip" or "uv", and the command that starts its pip interface."""

    kind: str
    command: list[str]


def client() -> Client | None:
    """The package client of this environment: pip, or else uv, or None."""
    if importlib.util.find_spec("pip"):
        return Client("pip", [sys.executable, "-m", "pip"])
    if importlib.util.find_spec("uv"):
        return Client("uv", [sys.executable, "-m", "uv", "pip"])
    uv = shutil.which("uv")
    return Client("uv", [uv, "pip"]) if uv else None


def installed(name: str) -> str | None:
    """The installed version of a distribution, or None."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def requirements() -> dict[str, str]:
    """What the kit requires here: name -> version specifier, such as ">=2.11".

    Raises:
        importlib.metadata.PackageNotFoundError: the kit itself is not installed.
    """
    from packaging.requirements import Requirement

    parsed = [Requirement(text) for text in metadata.requires(KIT) or []]
    wanted = [r for r in parsed if r.marker is None or r.marker.evaluate({"extra": ""})]
    return {r.name: str(r.specifier) for r in wanted}


def missing() -> list[str]:
    """The requirements of the kit that are absent or too old, such as "gguf>=0.17".

    A lesson's first cell installs these and no others, so that what a hosted notebook service
    brings (its own ipywidgets above all) stays as it is.
    """
    from packaging.specifiers import SpecifierSet

    found = {name: installed(name) for name in requirements()}
    return [
        name + specifier
        for name, specifier in requirements().items()
        if not (version := found[name])
        or not SpecifierSet(specifier).contains(version, prereleases=True)
    ]
