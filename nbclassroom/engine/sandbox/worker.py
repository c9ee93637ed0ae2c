"""A worker in its sandbox, as the grader holds it."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from nbclassroom.engine.guest.frames import CONTROL, OUTPUT, QUESTION, Frame, ProtocolError, Reader
from nbclassroom.engine.limits import Policy

from . import bubblewrap, procfs, seccomp
from .cgroup import Group
from .forkserver import Fork, Warm

_CONTROL_LIMIT = 1 << 16
_START_SECONDS = 120
_SEND_SECONDS = 30
#: Keeps a sandbox until its standard input is closed, which the grader's end also does.
_HOLDER = ["/bin/sh", "-c", "echo ready; read end"]


class WorkerGoneError(Exception):
    """The worker's process ended, or broke the protocol, or used more than it may."""


def _command(policy: Policy, parent: str, role: str, inner: socket.socket) -> list[str]:
    """What starts a worker, from the package `guest` in the folder `parent` and nothing else."""
    code = f"import sys, runpy; sys.path.insert(0, {parent!r}); runpy.run_module('guest')"
    return [policy.python, "-I", "-c", code, role, str(inner.fileno())]


def launch(
    policy: Policy,
    worker: list[str],
    files: Path | None,
    inherit: tuple[int, ...] = (),
    stdin: int = subprocess.DEVNULL,
    stdout: int | None = None,
    stderr: int | None = None,
    user_id: int | None = None,
) -> tuple[subprocess.Popen[bytes], Group]:
    """Start a command in a sandbox of its own.

    Args:
        policy: limits and environment.
        worker: the command, as it is inside.
        files: a folder that it may read.
        inherit: descriptors that it keeps.
        stdin: as for `subprocess.Popen`, and so are stdout and stderr.
        stdout: see there.
        stderr: see there.
        user_id: the sandbox's user; default a new one.
    """
    program = bubblewrap.bubblewrap()
    if program is None:
        bubblewrap.check(policy)
    user_id = bubblewrap.new_user() if user_id is None else user_id
    data = {"passwd": bubblewrap.readable(bubblewrap.passwd(user_id))}
    if (rules := seccomp.program()) is not None:
        data["seccomp"] = bubblewrap.readable(rules)
    arguments = bubblewrap.arguments(policy, user_id, files, data)
    end = arguments.index("--")
    # By descriptor, so that the command line inside shows none of this machine's folders.
    data["arguments"] = bubblewrap.readable(
        b"".join(part.encode() + b"\0" for part in arguments[:end])
    )
    group = Group(policy)
    try:
        process = subprocess.Popen(
            group.wrap([str(program), "--args", str(data["arguments"]), *arguments[end:], *worker]),
            stdin=stdin,
            pass_fds=[*inherit, *data.values()],
            env={},  # bubblewrap's environment can be read inside
            cwd="/",
            stdout=stdout,
            stderr=stderr,
        )
    except BaseException:
        group.close()
        raise
    finally:
        for descriptor in data.values():
            os.close(descriptor)
    return process, group


class Worker:
    """One worker: start it, talk with it, and watch what it uses.

    Args:
        role: "student" or "tests".
        policy: limits and environment.
        files: a folder whose files the worker finds in its working folder.
        warm: the process to fork it from; without one it is started cold.

    Attributes:
        over_memory: it was ended because it held too much.
        cpu: CPU seconds used, up to date after `watch` and final after `close`.
    """

    def __init__(
        self, role: str, policy: Policy, files: Path | None, warm: Warm | None = None
    ) -> None:
        self.role, self._policy = role, policy
        self.cpu = 0.0
        self.peak_memory = 0
        self.over_memory = False
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._group: Group | None = None
        self._fork: Fork | None = None
        self._pipes: list[IO[bytes]] = []
        self.inner_process: int | None = None
        self.socket, inner = socket.socketpair()
        self.socket.settimeout(_SEND_SECONDS)
        try:
            self._process = self._enter(inner, files, warm) if warm else self._start(inner, files)
        finally:
            inner.close()
        self._reader = Reader(
            {
                CONTROL: _CONTROL_LIMIT,
                OUTPUT: policy.flood,
                QUESTION: policy.message,
            }
        )
        self._selector = selectors.DefaultSelector()
        self._selector.register(self.socket, selectors.EVENT_READ)
        for pipe in self._pipes:
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, selectors.EVENT_READ)

    def _options(self, files: Path | None) -> dict[str, Any]:
        """What the worker is told."""
        return {
            "message": self._policy.message,
            "limits": bubblewrap.limits(self._policy),
            "files": bubblewrap.FILES if files else None,
            "folder": bubblewrap.HOME,
        }

    def _enter(
        self, inner: socket.socket, files: Path | None, warm: Warm
    ) -> subprocess.Popen[bytes]:
        """Make the sandbox with a process that only holds it, and fork the worker into it."""
        user_id = bubblewrap.new_user()
        process, self._group = launch(
            self._policy, _HOLDER, files, (), subprocess.PIPE, subprocess.PIPE, subprocess.PIPE,
            user_id,
        )  # fmt: skip
        self._process = process
        assert process.stdin
        assert process.stdout
        assert process.stderr
        try:
            if not process.stdout.readline():
                raise WorkerGoneError(process.stderr.read().decode(errors="replace"))
            (out, out_write), (err, err_write) = os.pipe(), os.pipe()
            self._pipes = [os.fdopen(out, "rb", 0), os.fdopen(err, "rb", 0)]
            try:
                self._fork = warm.fork(
                    self.role,
                    self._options(files),
                    procfs.processes(process.pid)[-1],
                    user_id,
                    self._group.folders,
                    (inner.fileno(), out_write, err_write),
                )
            finally:
                os.close(out_write)
                os.close(err_write)
        except BaseException:
            process.kill()
            process.communicate()
            self._group.close()
            raise
        self.inner_process = self._fork.process
        return process

    def _start(self, inner: socket.socket, files: Path | None) -> subprocess.Popen[bytes]:
        """Start the worker in its sandbox, or where submissions are trusted without one."""
        policy = self._policy
        options = self._options(files)
        if not policy.trust_submissions:
            command = _command(policy, "/run/engine", self.role, inner)
            process, self._group = launch(
                policy,
                [*command, json.dumps(options)],
                files,
                (inner.fileno(),),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            self._pipes = _pipes(process)
            return process
        self._scratch = tempfile.TemporaryDirectory(prefix="classroom-")
        options |= {"files": str(files) if files else None, "folder": self._scratch.name}
        options["limits"] = {"cpu": policy.total_cpu}
        command = _command(policy, str(bubblewrap.GUEST.parent), self.role, inner)
        process = subprocess.Popen(
            [*command, json.dumps(options)],
            stdin=subprocess.DEVNULL,
            pass_fds=[inner.fileno()],
            env={**policy.variables(), "HOME": self._scratch.name},
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._pipes = _pipes(process)
        return process

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
                        if self.inner_process is None:
                            self.inner_process = self._find(int(event.message["ready"]))
                        return
        except WorkerGoneError:
            for pipe in self._pipes:
                said += pipe.read() or b""
        text = said.decode(errors="replace").strip() or "it says nothing"
        raise WorkerGoneError(f"the {self.role}'s process did not start: {text}")

    def _find(self, number: int) -> int | None:
        """The worker's process id here, from the one that it has in its own namespace."""
        if self._policy.trust_submissions:
            return number
        return procfs.inner_process(procfs.processes(self._process.pid), number)

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
        processes = procfs.processes(self._process.pid)
        if self._fork and not self._fork.wait(0):
            processes += procfs.processes(self._fork.process)
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
        if self._policy.trust_submissions:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def close(self) -> None:
        """Let the worker end by itself for a moment, then end it; all of it is gone after this."""
        with contextlib.suppress(WorkerGoneError):
            self.watch()
        self._selector.close()
        self.socket.close()
        if self._fork:
            self._fork.wait(1)
            self.cpu = max(self.cpu, self._fork.cpu)
            self.kill()
            self._fork.close()
        try:
            self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
        if self._policy.trust_submissions:
            self.kill()
        process = self._process
        for pipe in (*self._pipes, process.stdin, process.stdout, process.stderr):
            if pipe:
                pipe.close()
        if self._group:
            self._group.close()
        if self._scratch:
            shutil.rmtree(self._scratch.name, ignore_errors=True)
            self._scratch.cleanup()

    def _ending(self) -> str:
        if self._fork:
            code = self._fork.status if self._fork.wait(2) else None
            code = 128 - code if code is not None and code < 0 else code
        else:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=2)
            code = self._process.returncode
        if code is not None and code > 128:
            with contextlib.suppress(ValueError):
                return f"the process was ended by {signal.Signals(code - 128).name}"
        return "the process ended in mid-run"


def _pipes(process: subprocess.Popen[bytes]) -> list[IO[bytes]]:
    return [pipe for pipe in (process.stdout, process.stderr) if pipe]
