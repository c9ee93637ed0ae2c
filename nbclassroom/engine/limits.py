"""What a submission may use, and where it runs."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MIB = 1 << 20


@dataclass(frozen=True)
class Policy:
    """Limits of one submission and the environment it runs in.

    Attributes:
        trust_submissions: run without a sandbox. Only for submissions that the instructor wrote.
        python: the interpreter of both processes.
        read_only: further files and folders that the code may read, such as a package that is
            installed in place, or data; everything else of this machine is invisible.
        environment: environment variables of both processes; nothing else is inherited.
        memory: bytes that all processes of a sandbox may hold together.
        disk: bytes that it may write, all files together.
        processes: processes and threads.
        cell_cpu: CPU seconds of one cell, by which slow code is stopped; independent of the load
            of the machine.
        cell_wall: seconds after which a cell that waits is stopped.
        total_cpu: CPU seconds of the whole submission.
        output: bytes of output that are kept of one cell.
        flood: bytes of output after which a cell is stopped.
        message: bytes of one message between a sandbox and the grader.
        warm: fork workers from a fork server where this system allows it.
        preload: modules that the fork server imports; none may start a thread.
    """

    trust_submissions: bool = False
    python: str = sys.executable
    read_only: tuple[Path, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    memory: int = 2048 * MIB
    disk: int = 64 * MIB
    processes: int = 64
    cell_cpu: float = 30.0
    cell_wall: float = 120.0
    total_cpu: int = 600
    output: int = MIB
    flood: int = 32 * MIB
    message: int = 256 * MIB
    warm: bool = True
    preload: tuple[str, ...] = ()

    def variables(self) -> dict[str, str]:
        """The whole environment of a sandboxed process."""
        return {
            "PATH": f"{Path(self.python).parent}:/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "OMP_NUM_THREADS": "1",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "NBGRADER_EXECUTION": "autograde",
            **self.environment,
        }
