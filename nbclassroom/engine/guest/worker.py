"""What a worker does, whether it was started in its sandbox or forked into it.

Everything here runs before any foreign code: files are copied, limits set, the working folder
entered, and "ready" sent.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from . import rlimits
from .frames import Channel, Frame
from .student import StudentProcess
from .tests import TestsProcess


def copy(source: Path, target: Path) -> None:
    """Copy files, and no owners, modes or times: the target's own may be another user's."""
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir(exist_ok=True)
        else:
            shutil.copyfile(path, place)


def make(role: str) -> StudentProcess | TestsProcess:
    """The worker of a role, "student" or "tests"."""
    return StudentProcess() if role == "student" else TestsProcess()


def serve(
    worker: StudentProcess | TestsProcess, connection: socket.socket, options: dict[str, Any]
) -> None:
    """Serve the grader over the connection until it is closed, then end this process."""
    folder = Path(options["folder"])
    if options["files"]:
        copy(Path(options["files"]), folder)
    os.chdir(folder)
    channel = Channel(connection, options["message"])
    worker.begin(channel)
    sys.path.insert(1, str(folder))  # now, so that a file here takes no module from the worker
    rlimits.apply(options["limits"])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel.send(Frame.of({"ready": os.getpid()}))
    worker.serve()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # nothing is left to do, and taking the libraries down costs as much as a cell
