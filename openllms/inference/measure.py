"""What a piece of code takes on this machine: seconds, bytes at its peak, operations a second."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any


def seconds(run: Callable[[], Any], repeats: int = 3) -> float:
    """Return the shortest of a few runs: what the machine can do while nothing disturbs it."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def peak_flops(size: int = 1024, repeats: int = 5) -> float:
    """Measure how fast this machine multiplies matrices in float32, in operations a second.

    Args:
        size: Rows and columns; a product takes `2 * size**3` operations.
        repeats: Runs, of which the fastest counts.
    """
    import torch

    matrix = torch.ones(size, size)
    return 2 * size**3 / seconds(lambda: matrix @ matrix, repeats)


def peak_bytes(run: Callable[[], Any]) -> int:
    """Return the most memory that torch held at once while `run` ran, beyond what it held before.

    torch's profiler records each block that its CPU allocator gives and takes back, those inside
    of a fused kernel too.
    """
    from torch.profiler import ProfilerActivity, profile

    os.environ.setdefault("KINETO_LOG_LEVEL", "99")  # the profiler would write to stderr
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as recorded:
        run()
    kineto: Any = recorded.profiler.kineto_results
    steps = [e for e in kineto.events() if e.name() == "[memory]"]
    held = most = 0
    for step in sorted(steps, key=lambda e: e.start_ns()):
        held += step.nbytes()
        most = max(most, held)
    return most
