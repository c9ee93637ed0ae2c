"""The throw-away outer cage in which stock nbgrader meets the threats.

It has process, mount and network namespaces of its own, an ordinary user, a copy of the course, and
limits on memory, processes, disk and time. Everything in it is gone when it ends.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from pathlib import Path

from nbclassroom.engine import Policy
from nbclassroom.engine.limits import MIB
from nbclassroom.engine.sandbox.bubblewrap import FILES, HOME, launch

HERE = Path(__file__).parent
LIMITS = Policy(memory=1024 * MIB, disk=256 * MIB, processes=150)
SECONDS = 400
# What a worker of the engine limits itself to is set here by the shell.
ULIMITS = "ulimit -u 150 -f 300000 -c 0 -v 6000000 -n 256; "


def run(command: str, scratch: Path) -> tuple[int, str]:
    """Run a shell command in a new cage.

    Args:
        command: finds this folder's files at `FILES` and may write in its home.
        scratch: an empty folder outside, for the copy that the cage reads.

    Returns:
        Exit status (-1 when time ran out) and everything that it printed.
    """
    shutil.copytree(HERE, scratch / "threats", ignore=shutil.ignore_patterns("__pycache__"))
    worker = ["/bin/bash", "-c", ULIMITS + command]
    process, group = launch(
        LIMITS, worker, scratch / "threats", stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        said, _ = process.communicate(timeout=SECONDS)
        return process.returncode, said.decode(errors="replace")
    except subprocess.TimeoutExpired:
        process.kill()
        said, _ = process.communicate()
        return -1, said.decode(errors="replace")
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        group.close()


def stock(name: str, scratch: Path) -> tuple[int, str]:
    """Let one threat loose on stock nbgrader."""
    return run(f"exec {LIMITS.python} {FILES}/harness.py {name} {HOME}/world", scratch)
