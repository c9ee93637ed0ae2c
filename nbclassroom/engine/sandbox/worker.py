"""A worker as the grader holds it: start it, talk with it, and watch what it uses."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from nbclassroom.engine.guest.frames import CONTROL, OUTPUT, QUESTION, Frame, ProtocolError, Reader
from nbclassroom.engine.limits import Policy
from nbclassroom.errors import WorkerGoneError

from . import procfs
from .launchers import Launcher

_CONTROL_LIMIT = 1 << 16
_START_SECONDS = 120
_SEND_SECONDS = 30


class Worker:
    """One worker.

    Args:
        role: "student" or "tests".
        policy: limits and environment.
        files: a folder whose files the worker finds in its working folder.
        launcher: where its process comes from.

    Attributes:
        over_memory: it was ended because it held too much.
        cpu: CPU seconds used, up to date after `watch` and final after `close`.
    """

    def __init__(self, role: str, policy: Policy, files: Path | None, launcher: Launcher) -> None:
        self.role, self._policy = role, policy
        self.cpu = 0.0
        self.peak_memory = 0
        self.over_memory = False
        self.inner_process: int | None = None
        self.socket, inner = socket.socketpair()
        self.socket.settimeout(_SEND_SECONDS)
        with inner:
            self._handle = launcher.start(role, files, inner)
        self._reader = Reader(
            {CONTROL: _CONTROL_LIMIT, OUTPUT: policy.flood, QUESTION: policy.message}
        )
        self._selector = selectors.DefaultSelector()
        self._selector.register(self.socket, selectors.EVENT_READ)
        for pipe in self._handle.pipes:
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, selectors.EVENT_READ)

    def wait_until_ready(self) -> None:
        """Wait for the worker's first message.

        Raises:
            WorkerGoneError: when it does not start; the text holds what it said.
        """
        end = time.monotonic() + _START_SECONDS
        said = b""
        try:
            while time.monotonic() < end:
                for event in self.events(0.5):
                    if isinstance(event, bytes):
                        said += event
                    elif event.kind == CONTROL:
                        self.inner_process = self._handle.find(int(event.message["ready"]))
                        return
        except WorkerGoneError:
            for pipe in self._handle.pipes:
                said += pipe.read() or b""
        text = said.decode(errors="replace").strip() or "it says nothing"
        raise WorkerGoneError(f"the {self.role}'s process did not start: {text}")

    def send(self, frame: Frame) -> None:
        """Send one frame; `WorkerGoneError` when the worker does not take it."""
        try:
            self.socket.sendall(bytes(frame))
        except OSError as error:
            raise WorkerGoneError(
                f"the process no longer listens ({type(error).__name__})"
            ) from None

    def events(self, seconds: float) -> Iterator[Frame | bytes]:
        """What the worker sent, waiting at most `seconds`: frames, and bytes of its raw output.

        Raises:
            WorkerGoneError: when it ended or broke the protocol.
        """
        try:
            if (frame := self._reader.next()) is not None:
                yield frame
                return
            ready = [key.fileobj for key, _ in self._selector.select(seconds)]
            for source in ready:
                if source is self.socket:
                    continue
                if data := os.read(source.fileno(), 1 << 16):  # type: ignore[union-attr]
                    yield data
                else:
                    self._selector.unregister(source)
            if self.socket in ready:
                data = self.socket.recv(1 << 20)
                if not data:
                    raise WorkerGoneError(self._ending())
                self._reader.feed(data)
                while (frame := self._reader.next()) is not None:
                    yield frame
        except (ProtocolError, OSError) as error:
            raise WorkerGoneError(f"the process broke the protocol: {error}") from None

    def watch(self) -> None:
        """Look at what the worker uses; `WorkerGoneError` when its memory is above the limit."""
        processes = self._handle.processes()
        self.cpu = max(self.cpu, procfs.cpu_seconds(processes))
        memory = procfs.memory_bytes(processes)
        self.peak_memory = max(self.peak_memory, memory)
        if memory > self._policy.memory:
            self.over_memory = True
            self.kill()
            raise WorkerGoneError(
                f"the code held more than {self._policy.memory >> 20} MiB of memory and was stopped"
            )

    def interrupt(self) -> None:
        """Send the worker's own process, and nothing around it, an interrupt."""
        if self.inner_process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.inner_process, signal.SIGINT)

    def kill(self) -> None:
        """End the sandbox at once, with every process in it."""
        self._handle.kill()

    def close(self) -> None:
        """Let the worker end by itself for a moment, then end it; all of it is gone after this."""
        with contextlib.suppress(WorkerGoneError):
            self.watch()
        self._selector.close()
        self.socket.close()
        self._handle.close()
        self.cpu = max(self.cpu, self._handle.cpu)

    def _ending(self) -> str:
        status = self._handle.wait(2)
        if status is not None and status > 128:
            with contextlib.suppress(ValueError):
                return f"the process was ended by {signal.Signals(status - 128).name}"
        return "the process ended in mid-run"
