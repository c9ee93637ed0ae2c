"""Starts a worker; arguments: student or tests, the socket's descriptor, options as JSON.

Everything here runs before any foreign code: files are copied, limits set, the working folder
entered, and "ready" sent.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from . import limits
from .frames import Channel, Frame


def copy(source: Path, target: Path) -> None:
    """Copy files, and no owners, modes or times: the target's own may be another user's."""
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir(exist_ok=True)
        else:
            shutil.copyfile(path, place)


def main(role: str, descriptor: str, text: str) -> None:
    """Serve the grader over the inherited socket until it is closed."""
    options = json.loads(text)
    folder = Path(options["folder"])
    if options["files"]:
        copy(Path(options["files"]), folder)
    os.chdir(folder)
    channel = Channel(socket.socket(fileno=int(descriptor)), options["message"])
    worker: Any
    if role == "student":
        from .student import StudentProcess

        worker = StudentProcess(channel)
    else:
        from .tests import TestsProcess

        worker = TestsProcess(channel)
    sys.path.insert(1, str(folder))  # now, so that a file here takes no module from the worker
    limits.apply(options["limits"])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    channel.send(Frame.of({"ready": os.getpid()}))
    worker.serve()


main(*sys.argv[1:])
