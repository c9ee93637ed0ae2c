"""Processes beside this one that do what they are told, one call after the other.

A host serves many calls, so that what is imported and kept warm there is paid once. It is
single-threaded, which makes it safe to fork; this one need not be. The queue is the standard
library's thread pool: each of its threads waits for one host.
"""

from __future__ import annotations

import contextlib
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

from .child import ChildError, die_with


class HostGoneError(ChildError):
    """The process ended during a call."""


class Host:
    """One process.

    Args:
        forked: of this process, which has one thread only and whose memory it shares; else it is
            started as `python -m nbclassroom.grading.pool`.
    """

    def __init__(self, *, forked: bool = False) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = _Fork(theirs) if forked else _started(theirs)
        self._connection = Connection(ours.detach())

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What `function` returns or raises there.

        Args:
            function: of a module, as it is named and not sent.
            arguments: picklable.

        Raises:
            HostGoneError: the process ended instead.
        """
        try:
            self._connection.send((function, arguments))
            result, error = self._connection.recv()
        except (EOFError, OSError):
            self.close(patience=2)
            raise HostGoneError(f"its worker process ended ({self._ending()})") from None
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

    def _ending(self) -> str:
        status = self.process.wait()
        return signal.Signals(-status).name if status < 0 else f"status {status}"


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


class Hosts:
    """Calls run in hosts, several at a time; a host that dies is replaced and its call repeated.

    Args:
        number: of hosts.
        forked: the first ones are forked of this process now; it must have one thread only.
    """

    def __init__(self, number: int, *, forked: bool = False) -> None:
        self.width = number
        self._threads = ThreadPoolExecutor(number)
        self._hosts = {Host(forked=True) for _ in range(number * forked)}
        _spread([host.process.pid for host in self._hosts])
        self._idle: queue.SimpleQueue[Host] = queue.SimpleQueue()
        for host in self._hosts:
            self._idle.put(host)
        self._closed = False

    def share(self, value: Any) -> Any:
        """A value that many calls get; here it is sent each time."""
        return value

    def check(self) -> None:
        """Hosts are always there."""

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Call a module's function in a host that is free, or as soon as one is."""
        return self._threads.submit(self.call, function, *arguments)

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """The same, and wait for it. `HostGoneError` where the call ended two hosts."""
        try:
            return self._once(function, *arguments)
        except HostGoneError:
            if self._closed:
                raise
            return self._once(function, *arguments)

    def _once(self, function: Callable[..., Any], *arguments: Any) -> Any:
        try:
            host = self._idle.get_nowait()
        except queue.Empty:
            host = Host()
            self._hosts.add(host)
        try:
            result = host.call(function, *arguments)
        except HostGoneError:
            self._hosts.discard(host)
            raise
        except BaseException:
            self._idle.put(host)
            raise
        self._idle.put(host)
        return result

    def close(self) -> None:
        """End every host, at work or not."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for host in list(self._hosts):
            host.process.kill()
        self._threads.shutdown()
        for host in list(self._hosts):
            host.close()


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


class Here:
    """Calls run at once in this process: for one job, where nothing else could go on meanwhile."""

    width = 1

    def share(self, value: Any) -> Any:
        """The value itself."""
        return value

    def check(self) -> None:
        """This process is always there."""

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """The future is done when this returns."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def close(self) -> None:
        """Nothing is left to end."""


def serve(descriptor: int, parent: int) -> None:
    """Be a host: answer calls until the connection is closed, or the process `parent` ends."""
    die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the grader's own business
    connection = Connection(descriptor)
    with contextlib.suppress(EOFError, OSError):
        while True:
            function, arguments = connection.recv()
            try:
                answer: Any = (function(*arguments), None)
            except ChildError as error:
                answer = (None, error)
            except Exception as error:
                answer = (None, ChildError(f"{type(error).__name__}: {error}"))
            connection.send(answer)


if __name__ == "__main__":
    # From the package, so that an error is of the class that the other side knows.
    from . import pool

    pool.serve(int(sys.argv[1]), os.getppid())
