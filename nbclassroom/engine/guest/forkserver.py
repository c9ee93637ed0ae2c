"""The fork server: imports what the course names, once, and is forked for every worker.

It runs no foreign code, ever, and hears the grader alone. A fork of it enters the sandbox that
bubblewrap has made for it, locks itself in (`confine`), and is from then on what a process started
there would be. So that nothing can reach back, the fork server has no memory that is shared and
writable, and a fork keeps no descriptor but those it was given.

This file is run as a script: as root where it sees what a sandbox shows, for an ordinary user
outside. There the engine's modules are loaded under the names and places that they have in a
sandbox, so that a worker is the same and nothing tells where they lie.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.util
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
from typing import Any

GUEST = "/run/engine/guest"
_LIMIT = 1 << 16
_CHANNEL, _ABOVE = 3, 200  # the worker's descriptor, and where it is out of the way


class EngineFinder(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):  # type: ignore[misc]
    """Finds the engine's modules in a folder, and calls their place what it is in a sandbox."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        """The modules of `guest`, and no others."""
        if name.partition(".")[0] != "guest":
            return None
        return importlib.util.spec_from_loader(name, self, is_package=name == "guest")

    def get_filename(self, name: str) -> str:
        """The module's place in a sandbox."""
        return f"{GUEST}/{name.partition('.')[2] or '__init__'}.py"

    def get_data(self, path: str) -> bytes:
        """The module's text."""
        with open(path.replace(GUEST, self._folder, 1), "rb") as file:  # noqa: PTH123
            return file.read()


def preload(modules: list[str]) -> list[str]:
    """Import modules; returns those that are not installed."""
    missing = []
    for name in modules:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name is None or not name.startswith(error.name):
                raise
            missing.append(name)
    return missing


def warm_caches() -> None:
    """Do once what every worker does, for all that is imported and built at the first time.

    The two workers of a short submission take 30 ms of CPU time with this and 80 ms without.
    """
    before = sys.stdout, sys.stderr, sys.displayhook, sys.excepthook
    shell_class = importlib.import_module("guest.shell").Shell
    shell = shell_class.instance()
    for code in ("_ = 1", "1", "1 / 0"):
        shell.run(code, lambda output: None)
    shell_class.clear_instance()
    sys.stdout, sys.stderr, sys.displayhook, sys.excepthook = before
    values = importlib.import_module("guest.values")
    packer = values.Packer()
    form = packer.pack([sys.modules["numpy"].zeros(1), *_tensors()])
    values.Unpacker(packer.frame({"value": form})).unpack(form)
    importlib.import_module("guest.tests")._random_state(packer)
    reseed()


def prepared(role: str) -> Any:
    """A worker that only lacks its channel; it is not this process's own.

    The two workers of a short submission take 30 ms of CPU time with this and 48 ms without.
    """
    before = sys.stdout, sys.stderr, sys.displayhook, sys.excepthook
    made = importlib.import_module("guest.worker").make(role)
    importlib.import_module("guest.shell").Shell.clear_instance()
    sys.stdout, sys.stderr, sys.displayhook, sys.excepthook = before
    return made


def _tensors() -> list[Any]:
    return [sys.modules["torch"].zeros(1)] if "torch" in sys.modules else []


def problem() -> str:
    """Why this process must not be forked; nothing if it may."""
    threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208
    if threads > 1:
        return f"one of the modules to preload started a thread ({threads} run)"
    mappings = importlib.import_module("guest.memory").mappings()
    if any(flags.startswith("rw") and flags.endswith("s") for *_, flags in mappings):
        return "one of the modules to preload shares writable memory"
    return ""


def reseed() -> None:
    """New random numbers for a fork; Python's own `random` does it by itself."""
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    if torch := sys.modules.get("torch"):
        torch.seed()


class ForkServer:
    """Serves the grader's requests for forks until it closes the control socket."""

    def __init__(self, control: socket.socket, workers: dict[str, Any]) -> None:
        self._control, self._workers = control, workers
        self._selector = selectors.DefaultSelector()
        self._selector.register(control, selectors.EVENT_READ)

    def serve(self) -> None:
        """Fork when asked; say how a fork ended when it did."""
        while True:
            for key, _ in self._selector.select():
                if key.fileobj is not self._control:
                    self._ended(key)
                elif not self._asked():
                    return

    def _asked(self) -> bool:
        text, descriptors, _, _ = socket.recv_fds(self._control, _LIMIT, 16)
        if not text:
            return False
        request = json.loads(text)
        reply = socket.socket(fileno=descriptors.pop(0))
        try:
            self._fork(request, descriptors, reply)
        except OSError as error:
            _say(reply, {"problem": str(error)})
            reply.close()
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        return True

    def _fork(self, request: dict[str, Any], given: list[int], reply: socket.socket) -> None:
        confine = importlib.import_module("guest.confine")
        channel, out, err, *others = given
        count = len(request["namespaces"])
        named = dict(zip(request["namespaces"], others[:count], strict=True))

        def work() -> None:
            try:
                os.dup2(err, 2)
                self._become(request, named, others[count:], (channel, out, err))
            except BaseException as error:
                os.write(2, f"{type(error).__name__}: {error}\n".encode())
            finally:  # whatever happens, a fork never goes on where the fork server was
                os._exit(1)

        process = confine.fork_into(named, work)
        _say(reply, {"process": process})
        watched = os.pidfd_open(process)
        self._selector.register(watched, selectors.EVENT_READ, (process, reply))

    def _become(
        self,
        request: dict[str, Any],
        named: dict[str, int],
        groups: list[int],
        streams: tuple[int, int, int],
    ) -> None:
        """In the fork: keep nothing of the fork server but what it imported; enter; serve."""
        confine, worker = map(importlib.import_module, ("guest.confine", "guest.worker"))
        os.sched_setaffinity(0, request["cores"])  # those of the process that asked
        for group in groups:  # the control groups' lists of processes; 0 is the one that writes
            os.write(group, b"0")
        os.setsid()
        confine.enter_namespaces(named)
        self._selector.close()
        self._control.detach()
        for number, stream in enumerate(streams):
            os.dup2(stream, _ABOVE + number)
        for place, number in ((_CHANNEL, 0), (1, 1), (2, 2)):
            os.dup2(_ABOVE + number, place, inheritable=place != _CHANNEL)
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        os.closerange(_CHANNEL + 1, os.sysconf("SC_OPEN_MAX"))
        rules = bytes.fromhex(request["rules"]) if request["rules"] else None
        confine.drop_privileges(request["user"], rules)
        confine.assert_unprivileged(request["user"], rules is not None)
        os.umask(0o022)
        reseed()
        connection = socket.socket(fileno=_CHANNEL)
        worker.serve(self._workers[request["role"]], connection, request["options"])

    def _ended(self, key: selectors.SelectorKey) -> None:
        process, reply = key.data
        self._selector.unregister(key.fileobj)
        os.close(key.fd)
        _, status, used = os.wait4(process, 0)
        _say(reply, {"status": os.waitstatus_to_exitcode(status),
                     "cpu": used.ru_utime + used.ru_stime})  # fmt: skip
        reply.close()


def _say(to: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # who asked may be gone; bubblewrap then ends the sandbox
        to.send(json.dumps(message).encode())


def main(descriptor: int) -> None:
    """Prepare as the first message says, answer with what stands against forking, and serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=descriptor)
    options = json.loads(control.recv(_LIMIT))
    sys.path.insert(0, os.path.dirname(GUEST))  # noqa: PTH120
    if options["engine"]:
        sys.meta_path.insert(0, EngineFinder(options["engine"]))
    importlib.import_module("guest.confine")
    missing = preload(["numpy", "safetensors.numpy", *options["preload"]])
    if "torch" in sys.modules:
        importlib.import_module("safetensors.torch")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["IPYTHONDIR"] = folder  # a worker's own is in its home, which is not here
        warm_caches()
        workers = {role: prepared(role) for role in ("student", "tests")}
        del os.environ["IPYTHONDIR"]
    importlib.invalidate_caches()
    sys.path_importer_cache.clear()
    importlib.import_module("guest.memory").freeze_heap()
    control.send(json.dumps({"missing": missing, "problem": problem()}).encode())
    ForkServer(control, workers).serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
