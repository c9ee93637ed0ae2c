"""Control groups, where this system lets us make one: limits for a whole sandbox at once.

Version 2 with delegation (systemd gives it to a scope or unit with `Delegate=yes`, a container to
its root), and version 1 for root. Without either, the limits of each process and the grader's own
watch on memory remain.

In version 2 a group that has limited groups below it may hold no process itself. So the grader and
whatever else is in its group move to a group below, beside those of the sandboxes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import time
import uuid
from pathlib import Path

from nbclassroom.engine.limits import Policy

_CONTROLLERS = {"memory", "pids"}
_GRADER = "classroom-grader"


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
        own = place / _own("")
        parent = own.parent if own.name == _GRADER else own
        if _enable(parent):
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


def _enable(parent: Path) -> bool:
    """Whether groups below `parent` can have our limits, which are switched on if need be."""
    control = parent / "cgroup.subtree_control"
    switch = " ".join(f"+{name}" for name in sorted(_CONTROLLERS))
    try:
        if set(control.read_text().split()) >= _CONTROLLERS:
            return os.access(parent, os.W_OK)
        if not set((parent / "cgroup.controllers").read_text().split()) >= _CONTROLLERS:
            return False
        try:
            control.write_text(switch)
        except OSError as error:
            if error.errno != errno.EBUSY:
                raise
            _move_down(parent)
            control.write_text(switch)
    except OSError:
        return False
    return True


def _move_down(group: Path) -> None:
    """Move the processes of a group into one below it."""
    below = group / _GRADER
    below.mkdir(exist_ok=True)
    for process in (group / "cgroup.procs").read_text().split():
        with contextlib.suppress(ProcessLookupError):  # it has just ended
            (below / "cgroup.procs").write_text(process)


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
