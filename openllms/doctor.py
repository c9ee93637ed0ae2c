"""Is everything here that the lessons need? `openllms doctor`, or `python -m openllms.doctor`.

Nothing but the standard library and `packaging` is needed to ask.
"""

import platform
import shlex
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from typing import NamedTuple

from openllms.packages import KIT, client, installed, missing, requirements

__all__ = ["Finding", "examine", "missing", "report"]


class Finding(NamedTuple):
    """One thing that was looked at."""

    what: str
    state: str
    mend: str = ""  # the command or step that helps; empty: nothing to mend


def examine() -> Iterator[Finding]:
    """Look at Python, the packages, the package client, the disk and the models, in that order."""
    yield Finding("Python", f"{platform.python_version()} ({sys.executable})")
    try:
        yield from _packages()
    except ImportError as error:  # the kit's own metadata, or packaging
        yield Finding(KIT, f"cannot be examined: {error}", "install the kit: see its README")
        return
    try:
        yield from _models()
    except ImportError as error:
        yield Finding("models", f"not examined: {error}", "first mend the packages above")


def report() -> int:
    """Print every finding and how to mend the bad ones.

    Returns:
        The exit status: 1 if something needs mending.
    """
    findings = []
    for finding in examine():
        findings.append(finding)
        print(f"{'MEND' if finding.mend else 'ok':5}{finding.what:24}{finding.state}", flush=True)
        if finding.mend:
            print(f"{'':5}-> {finding.mend}")
    bad = sum(bool(finding.mend) for finding in findings)
    print(f"\n{bad} to mend." if bad else "\nAll is well.")
    return 1 if bad else 0


def _packages() -> Iterator[Finding]:
    yield Finding(KIT, metadata.version(KIT))
    tool = client()
    install = shlex.join([*(tool.command if tool else ["pip"]), "install"])
    bad = set(missing())
    for name, specifier in requirements().items():
        wanted = name + specifier
        state = installed(name) or "missing"
        mend = f"{install} {shlex.quote(wanted)}" if wanted in bad else ""
        yield Finding(name, f"{state} (needs {specifier})" if mend else state, mend)
    if tool:
        yield Finding("package client", shlex.join(tool.command))
    else:
        mend = f"{shlex.quote(sys.executable)} -m ensurepip"
        yield Finding("package client", "neither pip nor uv", mend)


def _models() -> Iterator[Finding]:
    from openllms import models
    from openllms.models import cache

    try:
        free = shutil.disk_usage(cache.writable()).free
    except models.ModelError as error:
        yield Finding("model cache", str(error), f"set {cache.VARIABLE}")
        return
    absent = models.folder() is None
    short = absent and free < models.space_needed(models.DEFAULT)
    state = f"{cache.root()}, {free / 1e9:.1f} GB free"
    mend = f"make {models.space_needed(models.DEFAULT) / 1e9:.1f} GB free, or set {cache.VARIABLE}"
    yield Finding("model cache", state, mend if short else "")
    for name in models.registry():
        fault = models.verify(name)
        needed = name == models.DEFAULT or (fault and models.is_present(name))
        yield Finding(name, fault or "whole", f"openllms fetch {name}" if fault and needed else "")


if __name__ == "__main__":
    raise SystemExit(report())
