"""A function in a process of its own, so that whatever ends it costs nothing else."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

_PR_SET_PDEATHSIG = 1


class ChildError(RuntimeError):
    """The process ended without finishing its work; the text says how."""


def run(work: Callable[[], None], seconds: float) -> None:
    """Run `work` in a forked process and wait for it.

    Args:
        work: leaves its result in files.
        seconds: after which the process is ended.

    Raises:
        ChildError: it raised (the text is its last line), was killed, or took too long.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    read, write = os.pipe()
    parent = os.getpid()
    process = os.fork()
    if process == 0:
        os.close(read)
        _child(work, write, parent)
    os.close(write)
    try:
        said = _wait(process, read, time.monotonic() + seconds)
    finally:
        os.close(read)
    if said:
        raise ChildError(said)


class Line:
    """A forked process that does one work after the other, for what is built at the first time.

    One that dies, fails or takes too long is not used again; the next call forks another.
    """

    def __init__(self) -> None:
        self._process = 0
        self._connection: Connection[Any, Any] | None = None

    def call(self, work: Callable[..., None], *arguments: Any, seconds: float) -> None:
        """Do `work(*arguments)` there; the function is named, the arguments are pickled.

        Raises:
            ChildError: as `run` does.
        """
        connection = self._connection or self._start()
        said: str | None = None
        with contextlib.suppress(EOFError, OSError):
            connection.send((work, arguments))
            if not connection.poll(seconds):
                self.close()
                raise ChildError("it took too long and was ended")
            said = connection.recv()
        if said == "":
            return
        status = self.close(wait=said is None)
        raise ChildError(said or _ending(status))

    def close(self, *, wait: bool = False) -> int:
        """End the process; with `wait` it is one that ends by itself. Returns its status."""
        if self._connection is None:
            return 0
        self._connection.close()
        self._connection = None
        if not wait:
            os.kill(self._process, signal.SIGKILL)
        return os.waitpid(self._process, 0)[1]

    def _start(self) -> Connection[Any, Any]:
        sys.stdout.flush()
        sys.stderr.flush()
        ours, theirs = Pipe()
        parent = os.getpid()
        self._process = os.fork()
        if self._process == 0:
            ours.close()
            try:
                die_with(parent)
                _serve(theirs)
            finally:
                os._exit(0)
        theirs.close()
        self._connection = ours
        return ours


def _serve(connection: Connection[Any, Any]) -> None:
    """In the process of a line: work until nobody asks any more."""
    while True:
        try:
            work, arguments = connection.recv()
        except EOFError:
            return
        try:
            work(*arguments)
            said = ""
        except BaseException as error:
            said = "".join(traceback.format_exception_only(error)).strip()[-4000:]
        connection.send(said)


def die_with(parent: int) -> None:
    """In a child: end as soon as its parent does, if the system can do that."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _child(work: Callable[[], None], write: int, parent: int) -> None:
    """In the child: do the work, say what went wrong, and end without cleaning up twice."""
    status = 1
    try:
        die_with(parent)
        work()
        status = 0
    except BaseException as error:
        text = "".join(traceback.format_exception_only(error)).strip()
        with contextlib.suppress(OSError):
            os.write(write, text.encode(errors="replace")[-4000:])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _wait(process: int, read: int, end: float) -> str:
    """What went wrong in the child; nothing if nothing did. The pipe is closed when it ends."""
    said = b""
    pipe = select.poll()
    pipe.register(read, select.POLLIN)
    while pipe.poll(max(0.0, end - time.monotonic()) * 1000):
        if not (part := os.read(read, 4096)):
            break
        said += part
    else:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        return "it took too long and was ended"
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status) or (status and not said):
        return _ending(status)
    return said.decode(errors="replace") if status else ""


def _ending(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"its process was ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"its process ended with status {status}"
