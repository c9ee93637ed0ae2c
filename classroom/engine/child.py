"""A function in a process of its own, so that whatever ends it costs nothing else."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable

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


def _child(work: Callable[[], None], write: int, parent: int) -> None:
    """In the child: do the work, say what went wrong, and end without cleaning up twice."""
    status = 1
    try:
        if sys.platform.startswith("linux"):  # die with the grader
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)
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
    """What went wrong in the child; nothing if nothing did."""
    os.set_blocking(read, False)
    said = b""
    while True:
        with contextlib.suppress(BlockingIOError):
            said += os.read(read, 4096)
        done, status = os.waitpid(process, os.WNOHANG)
        if done:
            break
        if time.monotonic() > end:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            return "it took too long and was ended"
        time.sleep(0.01)
    with contextlib.suppress(BlockingIOError):
        said += os.read(read, 4096)
    if os.WIFSIGNALED(status):
        return f"its process was ended by {signal.Signals(os.WTERMSIG(status)).name}"
    if status:
        return said.decode(errors="replace") or f"its process ended with status {status}"
    return ""
