"""Processes that answer calls: one call after the other each, several at a time, with a deadline.

A process serves many calls, so that what is imported and kept there is paid once. It has one
thread, which makes it safe to fork; the one that asks need not. What it does can be killed without
harm to anything else. `docs/architecture.md` says why no library does this.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import queue
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any

from nbclassroom.errors import DeadlineError, FailedCallError, KitError, ProcessEndedError

_PR_SET_PDEATHSIG = 1


class PoolWorker:
    """One process.

    Args:
        forked: of this process, which has one thread only and whose memory it shares; else it is
            started as `python -m nbclassroom.grading.pool`.
    """

    def __init__(self, *, forked: bool = False) -> None:
        near, far = socket.socketpair()
        with far:
            self.process = _Fork(far) if forked else _started(far)
        self._connection: Connection[Any, Any] = Connection(near.detach())

    def call(self, function: Callable[..., Any], *arguments: Any, seconds: float) -> Any:
        """What `function` returns there.

        Args:
            function: of a module, as it is named and not sent.
            arguments: picklable.
            seconds: after which the process is ended.

        Raises:
            KitError: what the function raised, if it is of the kit's.
            FailedCallError: the function raised something else.
            ProcessEndedError: the process ended instead.
            DeadlineError: it took too long.
        """
        try:
            self._connection.send((function, arguments))
            if not self._connection.poll(seconds):
                self.close()
                raise DeadlineError(seconds)
            result, error = self._connection.recv()
        except (EOFError, OSError):
            self.close(patience=2)
            raise ProcessEndedError(self.process.wait()) from None
        if error is not None:
            raise error
        return result

    def close(self, patience: float = 0) -> None:
        """End it, if it does not end by itself within `patience` seconds."""
        with contextlib.suppress(OSError):
            self._connection.close()
        end = time.monotonic() + patience
        while self.process.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        self.process.kill()
        self.process.wait()


class _Fork:
    """A fork of this process that serves; looks like a `subprocess.Popen`."""

    def __init__(self, connection: socket.socket) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self._status: int | None = None
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                gc.freeze()  # what is shared stays so: collecting would write to it
                serve(connection.detach(), parent)
            finally:
                os._exit(0)

    def poll(self) -> int | None:
        """The exit status as subprocess counts it; None while it runs."""
        return self._wait(os.WNOHANG)

    def wait(self) -> int:
        """The exit status, once it has ended."""
        return self._wait(0) or 0

    def kill(self) -> None:
        """End it."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def _wait(self, flags: int) -> int | None:
        if self._status is None:
            ended, status = os.waitpid(self.pid, flags)
            self._status = os.waitstatus_to_exitcode(status) if ended else None
        return self._status


def _started(connection: socket.socket) -> subprocess.Popen[bytes]:
    """A process of its own that serves."""
    return subprocess.Popen(
        [sys.executable, "-m", "nbclassroom.grading.pool", str(connection.fileno())],
        pass_fds=[connection.fileno()],
        stdin=subprocess.DEVNULL,
    )


class Pool:
    """Calls run in processes; one that ends or is ended is replaced, and its call made once more.

    Args:
        width: how many processes.
        forked: the first ones are forked of this process now; it must have one thread only.
    """

    def __init__(self, width: int, *, forked: bool = False) -> None:
        self.width = width
        self._threads = ThreadPoolExecutor(width)
        self._workers = {PoolWorker(forked=True) for _ in range(width * forked)}
        _spread([worker.process.pid for worker in self._workers])
        self._idle: queue.SimpleQueue[PoolWorker] = queue.SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._closed = False

    def share(self, value: Any) -> Any:
        """A value that many calls get; here it is sent each time."""
        return value

    def check(self) -> None:
        """Its processes are always there."""

    def submit(self, function: Callable[..., Any], *arguments: Any, seconds: float) -> Future[Any]:
        """Call a module's function in a process that is free, or as soon as one is."""
        return self._threads.submit(self.call, function, *arguments, seconds=seconds)

    def call(self, function: Callable[..., Any], *arguments: Any, seconds: float) -> Any:
        """The same, and wait for it; raises as `PoolWorker.call` does."""
        try:
            return self._once(function, *arguments, seconds=seconds)
        except ProcessEndedError:
            if self._closed:
                raise
            return self._once(function, *arguments, seconds=seconds)

    def _once(self, function: Callable[..., Any], *arguments: Any, seconds: float) -> Any:
        try:
            worker = self._idle.get_nowait()
        except queue.Empty:
            worker = PoolWorker()
            self._workers.add(worker)
        try:
            result = worker.call(function, *arguments, seconds=seconds)
        except (ProcessEndedError, DeadlineError):
            self._workers.discard(worker)
            raise
        except BaseException:
            self._idle.put(worker)
            raise
        self._idle.put(worker)
        return result

    def close(self) -> None:
        """End every process, at work or not."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in list(self._workers):
            worker.process.kill()
        self._threads.shutdown()
        for worker in list(self._workers):
            worker.close()


def _spread(processes: list[int]) -> None:
    """Where there is a core for each process and no more, give each its own.

    What a call starts works in turn with it, not beside it: on one core they hand on from cache to
    cache, while across cores each handing on waits for the other to wake up.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    if 1 < len(cores) == len(processes):
        for process, core in zip(processes, cores, strict=True):
            os.sched_setaffinity(process, {core})


def serve(descriptor: int, parent: int) -> None:
    """Answer calls until the connection is closed, or the process `parent` ends."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the grader's own business
    connection: Connection[Any, Any] = Connection(descriptor)
    with contextlib.suppress(EOFError, OSError):
        while True:
            function, arguments = connection.recv()
            try:
                answer: Any = (function(*arguments), None)
            except KitError as error:
                answer = (None, error)
            except Exception as error:
                answer = (None, FailedCallError(type(error).__name__, str(error)))
            connection.send(answer)


if __name__ == "__main__":
    # From the package, so that an error is of the class that the other side knows.
    from . import pool

    pool.serve(int(sys.argv[1]), os.getppid())
