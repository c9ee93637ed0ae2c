"""Processes beside this one that do what they are told, one call after the other.

A host is started once and serves many calls, so that what is imported and kept warm there is paid
once. It is single-threaded, which makes it safe to fork; this one need not be. The queue is the
standard library's thread pool: each of its threads waits for one host.
"""

from __future__ import annotations

import contextlib
import ctypes
import queue
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any

from .child import ChildError

_PR_SET_PDEATHSIG = 1


class HostGoneError(ChildError):
    """The process ended during a call."""


class Host:
    """One process, started as `python -m classroom.engine.host`."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "classroom.engine.host", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
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
            self.close()
            raise HostGoneError(f"its worker process ended ({self._ending()})") from None
        if error is not None:
            raise error
        return result

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(OSError):
            self._connection.close()
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _ending(self) -> str:
        status = self.process.returncode
        return signal.Signals(-status).name if status < 0 else f"status {status}"


class Hosts:
    """Calls run in hosts, several at a time; a host that dies is replaced and its call repeated.

    Args:
        number: of hosts.
    """

    def __init__(self, number: int) -> None:
        self.width = number
        self._threads = ThreadPoolExecutor(number)
        self._idle: queue.SimpleQueue[Host] = queue.SimpleQueue()
        self._hosts: set[Host] = set()
        self._closed = False

    def share(self, value: Any) -> Any:
        """A value that many calls get; here it is sent each time."""
        return value

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


class Here:
    """Calls run at once in this process: for one job, where nothing else could go on meanwhile."""

    width = 1

    def share(self, value: Any) -> Any:
        """The value itself."""
        return value

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


def serve(descriptor: int) -> None:
    """Be a host: answer calls until the connection is closed."""
    if sys.platform.startswith("linux"):  # die with the grader
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
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
    from classroom.engine import host

    host.serve(int(sys.argv[1]))
