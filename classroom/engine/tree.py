"""What a process and all its descendants use, read from /proc."""

from __future__ import annotations

import os
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def processes(root: int) -> list[int]:
    """The process ids of `root` and its living descendants, parents first."""
    found = [root]
    for process in found:  # grows while it is walked
        try:
            for task in Path(f"/proc/{process}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


def cpu_seconds(tree: list[int]) -> float:
    """User and system time of the processes, and of their children that have ended."""
    ticks = 0
    for process in tree:
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / _TICK


def memory_bytes(tree: list[int]) -> int:
    """Resident memory that is not read from files, summed over the processes."""
    total = 0
    for process in tree:
        try:
            fields = Path(f"/proc/{process}/statm").read_text().split()
            status = Path(f"/proc/{process}/status").read_text()
        except OSError:
            continue
        from_files = 0
        if (at := status.find("RssFile:")) >= 0:
            from_files = int(status[at:].split()[1]) * 1024
        total += max(0, int(fields[1]) * _PAGE - from_files)
    return total


def inner_process(tree: list[int], number: int) -> int | None:
    """The process that calls itself `number` inside its own process namespace."""
    for process in reversed(tree):
        try:
            status = Path(f"/proc/{process}/status").read_text()
        except OSError:
            continue
        for line in status.splitlines():
            if line.startswith("NSpid:") and line.split()[-1] == str(number):
                return process
    return None
