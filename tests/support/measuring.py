"""Runs a notebook the way nbmake does and measures what it costs its machine."""

import os
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from nbformat import NotebookNode
from nbmake.nb_result import NotebookResult
from nbmake.nb_run import NotebookRun

CORES = 2  # the machine that a learner is promised to need
CELL_TIMEOUT = 120  # seconds; a cell that waits for ever is stopped
SAMPLE_INTERVAL = 0.05  # seconds


@dataclass(frozen=True)
class Cost:
    """What one run of a notebook took.

    Attributes:
        wall: Seconds by the clock.
        cpu: Seconds of processor time of the kernel and everything it started.
        peak: Largest memory of those processes together, in bytes; a shared page counts once.
        others: Cores that the rest of the machine kept busy meanwhile.
    """

    wall: float
    cpu: float
    peak: int
    others: float

    @property
    def seconds(self) -> float:
        """Seconds that count against a bound.

        The clock, as long as it ran on a machine with two cores to give. Where others took them,
        the clock measures the crowd; what is sure then is the time that two cores, all its own,
        would have needed at least.
        """
        crowded = (os.cpu_count() or 1) - self.others < 0.9 * CORES
        return min(self.wall, self.cpu / CORES) if crowded else self.wall

    def as_row(self) -> dict[str, float]:
        """The same as plain values: what a test report can carry between processes."""
        return {**asdict(self), "seconds": self.seconds}


def run_notebook(path: Path, kernel: str | None = None) -> tuple[NotebookResult, Cost]:
    """Run every cell of a notebook in a fresh kernel, in the notebook's folder.

    Args:
        path: The notebook; the file itself stays as it is.
        kernel: Name of a kernel spec, or None for the one that the notebook names.

    Returns:
        nbmake's result (the executed notebook and the error, if any) and the cost.
    """
    with Meter() as meter:
        result = NotebookRun(path, CELL_TIMEOUT, kernel=kernel).execute()
    return result, meter.cost


def stderr_of(notebook: NotebookNode) -> list[str]:
    """What an executed notebook wrote to stderr, cell by cell: warnings, progress bars, logs."""
    return [
        f"cell {cell.id}: {output.text}"
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]


class Meter:
    """Watches the processes that this one starts while the `with` block runs."""

    cost: Cost

    def __enter__(self) -> "Meter":
        self._me = psutil.Process()
        self._older = set(self._me.children(recursive=True))
        self._cpu: dict[psutil.Process, float] = {}
        self._peak = 0
        self._stop = threading.Event()
        self._busy_before, self._own_before = _busy_seconds(), _cpu_seconds(self._me)
        self._began = time.perf_counter()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        wall = time.perf_counter() - self._began
        self._stop.set()
        self._thread.join()
        cpu = sum(self._cpu.values())
        own = _cpu_seconds(self._me) - self._own_before
        others = max(0.0, _busy_seconds() - self._busy_before - cpu - own) / wall
        self.cost = Cost(wall, cpu, self._peak, others)

    def _watch(self) -> None:
        while not self._stop.wait(SAMPLE_INTERVAL):
            memory = 0
            for process in self._me.children(recursive=True):
                if process in self._older:
                    continue
                try:
                    self._cpu[process] = _cpu_seconds(process)
                    memory += _memory(process)
                except psutil.Error:  # it has just ended; its last sample stands
                    continue
            self._peak = max(self._peak, memory)


def _memory(process: psutil.Process) -> int:
    """Proportional memory in bytes; where there is no such thing, what is the process's alone."""
    usage = process.memory_full_info()
    return getattr(usage, "pss", 0) or usage.uss


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _busy_seconds() -> float:
    """Processor time that the whole machine has spent on anything."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    counted_twice = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    return sum(times) - idle - counted_twice
