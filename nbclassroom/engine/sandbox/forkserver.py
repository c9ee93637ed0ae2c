"""The fork server (a zygote) as the grader holds it: what the course names is imported once.

Every worker of a submission is then a fork of it, in a sandbox of its own that is made as for a
process that is started there (`bubblewrap.launch`). What differs is where the process comes from,
and `guest.confine` checks that it ends up with the same rights: none.

One fork server serves one environment, since variables are read when modules are imported. It may
be asked by several processes at once: a request is one message, and carries the socket on which it
is answered.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from nbclassroom.engine.limits import Policy
from nbclassroom.errors import ForkServerError

from . import bubblewrap, seccomp

_START_SECONDS = 120.0
_ANSWER_SECONDS = 120.0
_LIMIT = 1 << 16
_KINDS = ("user", "pid", "cgroup", "uts", "ipc", "net", "mnt")
_SCRIPT = "import sys; exec(compile(open({0}).read(), '/run/engine/guest/forkserver.py', 'exec'))"


class Fork:
    """A worker's process that was forked from the fork server.

    Attributes:
        process: its process id here.
        status: its exit status once it has ended, negative for a signal; None before, or where
            the fork server ended first.
        cpu: CPU seconds that it and its children used, once it has ended.
    """

    def __init__(self, reply: socket.socket) -> None:
        self._reply = reply
        self.status: int | None = None
        self.cpu = 0.0
        try:
            self.process = int(self._next(_ANSWER_SECONDS)["process"])
        except TimeoutError:
            raise ForkServerError(f"the fork server: no answer in {_ANSWER_SECONDS:g} s") from None

    def wait(self, seconds: float) -> bool:
        """Wait until it has ended; whether it has."""
        if self.status is None:
            with contextlib.suppress(ForkServerError, TimeoutError):
                message = self._next(seconds)
                self.status, self.cpu = int(message["status"]), float(message["cpu"])
        return self.status is not None

    def close(self) -> None:
        """Forget about it."""
        self._reply.close()

    def _next(self, seconds: float) -> dict[str, Any]:
        self._reply.settimeout(seconds)
        try:
            text = self._reply.recv(_LIMIT)
        except TimeoutError:
            raise
        except OSError:
            text = b""
        message = json.loads(text) if text else {"problem": "it has ended"}
        if "problem" in message:
            raise ForkServerError(f"the fork server: {message['problem']}")
        return dict(message)


class ForkServer:
    """Starts a fork server.

    Args:
        policy: its interpreter, environment and the modules to preload.

    Attributes:
        missing: modules to preload that are not installed.

    Raises:
        ForkServerError: it does not start, or may not be forked.
    """

    def __init__(self, policy: Policy) -> None:
        self._owner = os.getpid()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        self._control, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        script = os.open(bubblewrap.GUEST / "forkserver.py", os.O_RDONLY)
        try:
            self._process = self._start(policy, inner.fileno(), script)
        finally:
            inner.close()
            os.close(script)
        options = {"preload": policy.preload, "engine": "" if _is_root() else str(bubblewrap.GUEST)}
        self._control.settimeout(_START_SECONDS)
        try:
            self._control.send(json.dumps(options).encode())
            said = json.loads(self._control.recv(_LIMIT) or b"{}")
        except OSError as error:
            said = {"problem": str(error)}
        problem = said.get("problem", "it ended while it imported what is to be preloaded")
        if problem:
            errors = self._end().strip()
            raise ForkServerError(": ".join(filter(None, [problem, errors[-500:]])))
        self.missing: list[str] = said["missing"]

    def _start(self, policy: Policy, control: int, script: int) -> subprocess.Popen[bytes]:
        command = [policy.python, "-I", "-c", _SCRIPT.format(script), str(control)]
        environment = {**policy.variables(), "HOME": bubblewrap.HOME}
        keep = [control, script]
        data = {}
        if _is_root():
            data = {"passwd": bubblewrap.readable(bubblewrap.passwd(0))}
            arguments = bubblewrap.arguments(policy, 0, None, data, is_fork_server=True)
            command = [str(bubblewrap.bubblewrap()), *arguments, *command]
            keep += data.values()
            environment = {}
        try:
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=self._said, pass_fds=keep, env=environment, cwd="/",
                start_new_session=True,
            )  # fmt: skip
        finally:
            for descriptor in data.values():
                os.close(descriptor)

    def alive(self) -> bool:
        """Whether it can still be asked, by the process that started it or by one forked since."""
        state = select.poll()
        state.register(self._control, 0)  # a hang-up is always told
        return not state.poll(0)

    def fork(
        self,
        role: str,
        options: dict[str, Any],
        place: int,
        user_id: int,
        groups: list[Path],
        streams: tuple[int, int, int],
    ) -> Fork:
        """Fork a worker into a sandbox.

        Args:
            role: "student" or "tests".
            options: as for a worker that is started.
            place: a process in that sandbox.
            user_id: the sandbox's user.
            groups: the sandbox's control group.
            streams: descriptors of the worker's channel, standard output and standard error.

        Raises:
            ForkServerError: it has ended, or cannot do so.
        """
        namespaces = {
            kind: os.open(f"/proc/{place}/ns/{kind}", os.O_RDONLY)
            for kind in _KINDS
            if Path(f"/proc/{place}/ns/{kind}").exists()
        }
        lists = [os.open(group / "cgroup.procs", os.O_WRONLY) for group in groups]
        reply, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        rules = seccomp.program()
        request = {
            "role": role,
            "options": options,
            "user": user_id,
            "cores": sorted(os.sched_getaffinity(0)),
            "namespaces": list(namespaces),
            "rules": rules.hex() if rules else "",
        }
        given = [theirs.fileno(), *streams, *namespaces.values(), *lists]
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], given)
        except OSError as error:
            reply.close()
            raise ForkServerError(f"the fork server has ended ({type(error).__name__})") from None
        finally:
            theirs.close()
            for descriptor in (*namespaces.values(), *lists):
                os.close(descriptor)
        return Fork(reply)

    def close(self) -> None:
        """End it; workers that were forked from it go on."""
        self._end()

    def _end(self) -> str:
        """End it; what it wrote to standard error."""
        self._control.close()
        if os.getpid() != self._owner:
            return ""
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._said.closed:
            return ""
        with self._said as said:
            said.seek(0)
            return said.read().decode(errors="replace")


def _is_root() -> bool:
    return os.geteuid() == 0
