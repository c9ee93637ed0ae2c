"""Where a worker's process comes from, one class each: started, forked, or not in a sandbox.

As with jupyter_client's provisioners, a worker is given a launcher and never asks which it is.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from nbclassroom.engine.limits import Policy
from nbclassroom.errors import WorkerGoneError

from . import bubblewrap, procfs
from .cgroup import Group
from .forkserver import Fork, ForkServer

#: Keeps a sandbox until its standard input is closed, which the grader's end also does.
_HOLDER = ["/bin/sh", "-c", "echo ready; read end"]


class Launcher(Protocol):
    """Starts workers under one policy."""

    def start(self, role: str, files: Path | None, channel: socket.socket) -> Handle:
        """Start a worker; called once for each.

        Args:
            role: "student" or "tests".
            files: a folder whose files the worker finds in its working folder.
            channel: the worker's end of the connection; the caller closes its own copy.

        Raises:
            WorkerGoneError: it ended at once.
            ForkServerError: the fork server has ended.
        """


class Handle:
    """A worker's process, from its start to `close`; this one was started by the grader itself.

    Attributes:
        pipes: what is written there past the worker's channel, also by its children.
        cpu: CPU seconds, where the process itself told at its end; else 0.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        group: Group | None = None,
        pipes: list[IO[bytes]] | None = None,
    ) -> None:
        self._process, self._group = process, group
        self.pipes = pipes or [pipe for pipe in (process.stdout, process.stderr) if pipe]
        self.cpu = 0.0

    def processes(self) -> list[int]:
        """Ids of every living process of it."""
        return procfs.processes(self._process.pid)

    def find(self, number: int) -> int | None:
        """The worker's process id here, from the one that it has in its own namespace."""
        return procfs.inner_process(self.processes(), number)

    def wait(self, seconds: float) -> int | None:
        """Its exit status as a shell counts it; None if it still runs after `seconds`."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return _as_shell(self._process.wait(timeout=seconds))
        return None

    def kill(self) -> None:
        """End all of it at once."""
        self._process.kill()

    def close(self) -> None:
        """Let it end by itself for a moment, then end it; nothing of it is left after this."""
        if self.wait(1) is None:
            self.kill()
        self._release()

    def _release(self) -> None:
        process = self._process
        process.wait()
        for pipe in (*self.pipes, process.stdin, process.stdout, process.stderr):
            if pipe:
                pipe.close()
        if self._group:
            self._group.close()


def _as_shell(status: int) -> int:
    return 128 - status if status < 0 else status


@dataclass(frozen=True)
class Cold:
    """Starts a Python in a new sandbox."""

    policy: Policy

    def start(self, role: str, files: Path | None, channel: socket.socket) -> Handle:
        """See `Launcher`."""
        options = _options(self.policy, files)
        command = _command(self.policy, "/run/engine", role, channel, options)
        process, group = bubblewrap.launch(
            self.policy, command, files, (channel.fileno(),),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        return Handle(process, group)


@dataclass(frozen=True)
class Forked:
    """Forks a worker of the fork server into a new sandbox, which a process of its own holds."""

    policy: Policy
    server: ForkServer

    def start(self, role: str, files: Path | None, channel: socket.socket) -> Handle:
        """See `Launcher`."""
        user_id = bubblewrap.new_user()
        holder, group = bubblewrap.launch(
            self.policy, _HOLDER, files, (),
            subprocess.PIPE, subprocess.PIPE, subprocess.PIPE, user_id,
        )  # fmt: skip
        (out, out_write), (err, err_write) = os.pipe(), os.pipe()
        pipes: list[IO[bytes]] = [os.fdopen(out, "rb", 0), os.fdopen(err, "rb", 0)]
        try:
            assert holder.stdout
            assert holder.stderr
            if not holder.stdout.readline():
                raise WorkerGoneError(holder.stderr.read().decode(errors="replace"))
            fork = self.server.fork(
                role,
                _options(self.policy, files),
                procfs.processes(holder.pid)[-1],
                user_id,
                group.folders,
                (channel.fileno(), out_write, err_write),
            )
        except BaseException:
            holder.kill()
            Handle(holder, group, pipes).close()
            raise
        finally:
            os.close(out_write)
            os.close(err_write)
        return _ForkedHandle(holder, group, pipes, fork)


class _ForkedHandle(Handle):
    """A worker that the fork server started; the process held here is the sandbox's holder."""

    def __init__(
        self,
        holder: subprocess.Popen[bytes],
        group: Group,
        pipes: list[IO[bytes]],
        fork: Fork,
    ) -> None:
        super().__init__(holder, group, pipes)
        self._fork = fork

    def processes(self) -> list[int]:
        held = super().processes()
        return held if self._fork.wait(0) else held + procfs.processes(self._fork.process)

    def find(self, number: int) -> int:
        return self._fork.process

    def wait(self, seconds: float) -> int | None:
        self._fork.wait(seconds)
        return None if self._fork.status is None else _as_shell(self._fork.status)

    def close(self) -> None:
        self.wait(1)
        self.cpu = self._fork.cpu
        self.kill()
        self._release()
        self._fork.close()


@dataclass(frozen=True)
class Trusted:
    """Starts a Python without a sandbox: only for what the instructor wrote."""

    policy: Policy

    def start(self, role: str, files: Path | None, channel: socket.socket) -> Handle:
        """See `Launcher`."""
        folder = tempfile.TemporaryDirectory(prefix="classroom-", ignore_cleanup_errors=True)
        options = {
            **_options(self.policy, files),
            "files": str(files) if files else None,
            "folder": folder.name,
            "limits": {"cpu": self.policy.total_cpu},
        }
        parent = str(bubblewrap.GUEST.parent)
        process = subprocess.Popen(
            _command(self.policy, parent, role, channel, options),
            stdin=subprocess.DEVNULL,
            pass_fds=[channel.fileno()],
            env={**self.policy.variables(), "HOME": folder.name},
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        return _TrustedHandle(process, folder)


class _TrustedHandle(Handle):
    """A worker without a sandbox: a session of its own, and a folder."""

    def __init__(
        self, process: subprocess.Popen[bytes], folder: tempfile.TemporaryDirectory[str]
    ) -> None:
        super().__init__(process)
        self._folder = folder

    def find(self, number: int) -> int:
        return number

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        super().close()
        self.kill()  # what it started and left
        self._folder.cleanup()


def _options(policy: Policy, files: Path | None) -> dict[str, Any]:
    """What a worker is told."""
    return {
        "message": policy.message,
        "limits": bubblewrap.limits(policy),
        "files": bubblewrap.FILES if files else None,
        "folder": bubblewrap.HOME,
    }


def _command(
    policy: Policy, parent: str, role: str, channel: socket.socket, options: dict[str, Any]
) -> list[str]:
    """What starts a worker, from the package `guest` in the folder `parent` and nothing else."""
    code = f"import sys, runpy; sys.path.insert(0, {parent!r}); runpy.run_module('guest')"
    start = [policy.python, "-I", "-c", code]
    return [*start, role, str(channel.fileno()), json.dumps(options)]
