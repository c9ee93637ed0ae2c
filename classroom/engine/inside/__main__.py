"""Starts a worker; arguments: student or tests, the socket's descriptor, options as JSON.

Everything here runs before any foreign code: files are copied, limits set, the working folder
entered, and "ready" sent.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

from . import limits
from .frames import Channel, Frame


def main(role: str, descriptor: str, text: str) -> None:
    """Serve the grader over the inherited socket until it is closed."""
    options = json.loads(text)
    folder = Path(options["folder"])
    if options["files"]:
        shutil.copytree(options["files"], folder, dirs_exist_ok=True)
    os.chdir(folder)
    sys.path.insert(1, str(folder))
    channel = Channel(socket.socket(fileno=int(descriptor)), options["message"])
    worker: Any
    if role == "student":
        from .student import StudentProcess

        worker = StudentProcess(channel)
    else:
        from .tests import TestsProcess

        worker = TestsProcess(channel)
    limits.apply(options["limits"])
    channel.send(Frame.of({"ready": os.getpid()}))
    worker.serve()


main(*sys.argv[1:])
