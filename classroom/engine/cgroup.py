"""Control groups, where this system lets us make one: limits for a whole sandbox at once.

Version 2 with delegation (systemd gives it to a user's session or to a unit with `Delegate=yes`),
and version 1 for root. Without either, the limits of each process and the grader's own watch on
memory remain.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
import uuid
from pathlib import Path

from .policy import Policy


def _mounts(kind: str) -> dict[str, Path]:
    """Mounted control group trees: options -> place."""
    found = {}
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, place, name, options, *_ = line.split()
        if name == kind:
            found[options] = Path(place)
    return found


def _own(controller: str) -> str:
    """The path of this process's group in the tree of `controller` ("" for version 2)."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(",") or controllers == controller == "":
            return path.lstrip("/")
    return ""


def _places() -> list[tuple[Path, dict[str, str]]]:
    """Where a group can be made, and the names of the limits there."""
    for place in _mounts("cgroup2").values():
        parent = place / _own("")
        enabled = parent / "cgroup.subtree_control"
        if _offers(parent / "cgroup.controllers") and _enable(enabled):
            names = {"memory": "memory.max", "swap": "memory.swap.max", "processes": "pids.max"}
            return [(parent, names)]
    found = []
    for options, place in _mounts("cgroup").items():
        for controller, names in (
            ("memory", {"memory": "memory.limit_in_bytes"}),
            ("pids", {"processes": "pids.max"}),
        ):
            if controller in options.split(","):
                found.append((place / _own(controller), names))
    return found


def _offers(controllers: Path) -> bool:
    try:
        return {"memory", "pids"} <= set(controllers.read_text().split())
    except OSError:
        return False


def _enable(control: Path) -> bool:
    try:
        if not {"memory", "pids"} <= set(control.read_text().split()):
            control.write_text("+memory +pids")
    except OSError:
        return False
    return True


class Group:
    """A control group for one sandbox; empty where none can be made.

    Attributes:
        folders: the group's folder in each tree; a process joins by writing its id to
            `cgroup.procs` there.
    """

    def __init__(self, policy: Policy) -> None:
        self.folders: list[Path] = []
        name = f"classroom-{uuid.uuid4().hex[:12]}"
        values = {"memory": policy.memory + policy.disk, "swap": 0,
                  "processes": policy.processes + 8}  # fmt: skip
        for parent, limits in _places():
            folder = parent / name
            try:
                folder.mkdir()
            except OSError:
                continue
            self.folders.append(folder)
            for limit, file in limits.items():
                with contextlib.suppress(OSError):
                    (folder / file).write_text(str(values[limit]))

    def wrap(self, arguments: list[str]) -> list[str]:
        """The command that joins the group and then becomes `arguments`."""
        if not self.folders:
            return arguments
        joins = "".join(f'echo $$ > "{folder}/cgroup.procs" && ' for folder in self.folders)
        return ["/bin/sh", "-c", joins + 'exec "$@"', "sh", *arguments]

    def close(self) -> None:
        """Kill what is left in the group and remove it."""
        for folder in self.folders:
            for _ in range(50):
                with contextlib.suppress(OSError):
                    (folder / "cgroup.kill").write_text("1")
                with contextlib.suppress(OSError):
                    for line in (folder / "cgroup.procs").read_text().split():
                        with contextlib.suppress(ProcessLookupError):
                            os.kill(int(line), signal.SIGKILL)
                try:
                    folder.rmdir()
                    break
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.02)
