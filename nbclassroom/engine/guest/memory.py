"""The memory of a process that is to be forked often."""

from __future__ import annotations

import ctypes
import gc
import sys

_HUGE, _COLLAPSE = 2 << 20, 25


def freeze_heap() -> None:
    """Make forks cheap: leave what there is to no collector, and put it on huge pages.

    A fork copies an entry for each page, and a write in either process a page. The two workers of a
    short submission take 30 ms of CPU time with this and 40 ms without, torch being preloaded.
    Numbers: `asm-generic/mman-common.h`.
    """
    gc.collect()
    gc.freeze()
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = [ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int]
    for first, last, flags in mappings():
        if flags == "rw-p":
            for start in range(-(-first // _HUGE) * _HUGE, last // _HUGE * _HUGE, _HUGE):
                libc.madvise(start, _HUGE, _COLLAPSE)  # a wish; an older kernel refuses


def mappings() -> list[tuple[int, int, str]]:
    """Start, end and flags of this process's mappings, as `/proc` shows them."""
    found = []
    with open("/proc/self/maps") as file:  # noqa: PTH123
        for line in file:
            where, flags, *_ = line.split()
            first, _, last = where.partition("-")
            found.append((int(first, 16), int(last, 16), flags))
    return found
