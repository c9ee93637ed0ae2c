"""The tests' process: runs the instructor's test cells where student code never was.

A name that a test uses is looked up in this order: names that the student is asked to define live
in the student's process; names that the instructor's own cells define live here; built-ins are
Python's own; any other name is looked for in the student's process.
"""

from __future__ import annotations

import builtins
import contextlib
import json
import random
import sys
from types import ModuleType
from typing import Any

from .frames import OUTPUT, QUESTION, Channel, Frame, ProtocolError, interruptible
from .proxies import Function, Live, RemoteStopError
from .shell import Shell
from .values import Packer, RefusedError, Unpacker, type_name


class StudentError(Exception):
    """The student's process cannot answer, or answers with what cannot be taken."""


class Names(dict[str, Any]):
    """The namespace of the test cells.

    Attributes:
        students: names that the student defines; these are looked up in the student's process.
        shared: names from cells that the student can edit (imports): the instructor's, but only
            while the student's process has a name like that.
        live: names that the next test cell wants to stay in the student's process.
    """

    def __init__(self) -> None:
        super().__init__()
        self.students: set[str] = set()
        self.shared: set[str] = set()
        self.live: set[str] = set()
        self.remote: Remote | None = None

    def __getitem__(self, name: str) -> Any:
        if self.remote is None or name.startswith("__"):
            return super().__getitem__(name)
        if name in self.live:
            return self.remote.get(name, live=True)
        if name in self.students:
            return self.remote.get(name)
        if name in self:
            if name in self.shared and not self.remote.has(name):
                raise KeyError(name)
            return super().__getitem__(name)
        if hasattr(builtins, name):
            raise KeyError(name)
        return self.remote.get(name)


class Remote:
    """Asks the student's process, through the grader."""

    def __init__(self, channel: Channel, names: Names) -> None:
        self._channel, self._names = channel, names
        self._sent_random: tuple[Any, ...] = ()
        self._seen: set[str] = set()
        self.used_live = False

    def begin(self) -> None:
        """A new test cell begins."""
        self._seen.clear()
        self.used_live = False
        self._sent_random = _random_digest()

    def get(self, name: str, *, live: bool = False) -> Any:
        """The value or proxy of a name; `KeyError` where the student has none."""
        answer, frame = self._ask(Packer(), {"what": "get", "name": name, "live": live})
        if "missing" in answer:
            raise KeyError(name)
        return self._value(answer, Packer(), frame, name)

    def has(self, name: str) -> bool:
        """Whether the student's process has the name (asked once a cell)."""
        if name not in self._seen:
            answer, _ = self._ask(Packer(), {"what": "get", "name": name, "live": True})
            if "missing" in answer:
                return False
            self._seen.add(name)
        return True

    def operate(
        self, what: str, handle: int, args: Any, kwargs: dict[str, Any], live: bool = False
    ) -> Any:
        """Call a function, or use a live object."""
        packer = Packer(special=_special)
        try:
            message = {
                "what": what,
                "handle": handle,
                "args": packer.pack(tuple(args)),
                "kwargs": packer.pack(kwargs),
                "live": live,
            }
        except RefusedError as error:
            raise TypeError(f"an argument cannot be sent to the student's code: {error}") from None
        if (digest := _random_digest()) != self._sent_random:
            message["random"], self._sent_random = _random_state(packer), digest
        answer, frame = self._ask(packer, message)
        return self._value(answer, packer, frame, what)

    def _ask(self, packer: Packer, message: dict[str, Any]) -> tuple[dict[str, Any], Frame]:
        sys.stdout.flush()
        self._channel.send(packer.frame(message))
        frame = self._channel.receive()
        return frame.message, frame

    def _value(self, answer: dict[str, Any], packer: Packer, frame: Frame, name: str) -> Any:
        if "error" in answer:
            raise self._exception(answer)
        if "gone" in answer:
            raise StudentError(str(answer["gone"]))
        if "refused" in answer:
            raise StudentError(f"{name}: {answer['refused']}")
        try:
            unpacker = Unpacker(frame, packer.objects, self._special)
            value = unpacker.unpack(answer["value"])
            for number, form in answer.get("changed", ()):
                unpacker.update(packer.objects[number], form)
        except (ProtocolError, KeyError, TypeError, ValueError) as error:
            raise StudentError(f"the answer cannot be read: {error}") from None
        return value

    def _special(self, form: list[Any]) -> Any:
        tag, *rest = form
        if tag == "callable" and type(rest[0]) is int and isinstance(rest[1], dict):
            return Function(self.operate, rest[0], rest[1])
        if tag == "live" and type(rest[0]) is int and isinstance(rest[1], dict):
            self.used_live = True
            return Live(self.operate, rest[0], rest[1])
        if tag == "module":
            raise ProtocolError("the name holds a module")
        raise ProtocolError(f"a value of an unknown kind {str(tag)[:40]!r}")

    def _exception(self, answer: dict[str, Any]) -> BaseException:
        """The student's exception as the nearest class that Python or a library here defines."""
        text, note = str(answer.get("text", "")), str(answer.get("note", ""))
        kind: type[BaseException] = RuntimeError
        first = ""
        for module, name in answer["error"]:
            first = first or str(name)
            if (found := _exception_class(str(module), str(name))) is not None:
                kind = found
                break
        if kind is RemoteStopError:
            text = "the student's code raised StopIteration"
        if kind is RuntimeError and first != "RuntimeError":
            text = f"{first}: {text}"
        error = _make(kind, text)
        error.__student__ = True  # type: ignore[attr-defined]
        if note:
            error.add_note(f"In the student's process:\n{note}")
        return error


def _exception_class(module: str, name: str) -> type[Exception] | None:
    if name == "StopIteration" and module == "builtins":
        return RemoteStopError
    if module == "__main__" or "." in name:
        return None
    found = getattr(sys.modules.get(module), name, None)
    if not isinstance(found, type) or not issubclass(found, Exception):
        return None
    # A StopIteration from a function would end a loop of the test's as if it had passed.
    return None if found in (Exception, StopAsyncIteration) else found


def _make(kind: type[BaseException], text: str) -> BaseException:
    try:
        error = kind.__new__(kind, text)
        error.args = (text,)
        str(error)
    except Exception:
        return RuntimeError(f"{kind.__name__}: {text}")
    return error


def _special(value: Any) -> list[Any] | None:
    """What a test may pass beside plain values: the student's objects, a library's functions."""
    if type(value) is Function:
        return ["handle", value._handle]
    if type(value) is Live:
        return ["handle", value._live[1]]
    if isinstance(value, ModuleType):
        return None
    module = str(getattr(value, "__module__", ""))
    name = str(getattr(value, "__qualname__", ""))
    is_named = module != "__main__"
    if callable(value) and is_named and getattr(sys.modules.get(module), name, None) is value:
        return ["global", module, name]
    if callable(value):
        raise RefusedError(
            f"{getattr(value, '__name__', type_name(value))} is a function of the test's own; "
            "pass a library's function, or values"
        )
    return None


def _random_state(packer: Packer) -> Any:
    """The state of the generators that this process has loaded, so that seeding works across."""
    state: dict[str, Any] = {"random": json.dumps(random.getstate())}  # hundreds of numbers
    if "numpy.random" in sys.modules:
        state["numpy"] = list(sys.modules["numpy"].random.get_state())
    if "torch" in sys.modules:
        state["torch"] = sys.modules["torch"].get_rng_state()
    return packer.pack(state)


def _random_digest() -> tuple[Any, ...]:
    """What changes when one of the generators is seeded or used."""
    parts: list[Any] = [hash(random.getstate())]
    if "numpy.random" in sys.modules:
        _, keys, position, *_ = sys.modules["numpy"].random.get_state()
        parts += [keys.tobytes(), position]
    if "torch" in sys.modules:
        parts.append(sys.modules["torch"].get_rng_state().numpy().tobytes())
    return tuple(parts)


class TestsProcess:
    """Serves the grader: defines the instructor's names, and runs the test cells."""

    _channel: Channel
    _remote: Remote

    def __init__(self) -> None:
        self._names = Names()
        self._shell = Shell.instance(user_ns=self._names)

    def begin(self, channel: Channel) -> None:
        """Take over this process, and talk over the channel from now on."""
        self._channel = channel
        self._remote = Remote(channel, self._names)
        self._shell.take_over()

    def serve(self) -> None:
        """Answer until the grader closes the channel."""
        while True:
            try:
                frame = self._channel.receive()
            except EOFError:
                return
            if frame.kind != QUESTION:  # else an answer that a stopped cell no longer waits for
                getattr(self, "_do_" + frame.message["do"])(frame.message)

    def _do_define(self, message: dict[str, Any]) -> None:
        """Run instructor's statements that the tests need; a failing one leaves its names unset."""
        self._names.shared |= set(message["shared"])
        problem = None
        try:
            with interruptible():
                exec(compile(message["code"], message["name"], "exec"), self._names)  # noqa: S102
        except (Exception, KeyboardInterrupt) as error:
            problem = f"{type(error).__name__}: {error}"
        self._shell.flush()
        self._channel.send(Frame.of({"done": True, "problem": problem}))

    def _do_test(self, message: dict[str, Any]) -> None:
        """Run one test cell; names that it binds itself are the tests' from then on."""
        names, remote = self._names, self._remote
        names.students, names.live = set(message["students"]), set(message["live"])
        names.remote = remote
        remote.begin()
        error: BaseException | None = KeyboardInterrupt()
        with contextlib.suppress(KeyboardInterrupt), interruptible():
            error = self._shell.run(message["code"], self._emit)
        names.remote = None
        self._channel.send(
            Frame.of(
                {
                    "done": True,
                    "failed": error is not None,
                    "relies_on_student": remote.used_live,
                    "from_student": bool(getattr(error, "__student__", False)),
                    "student_error": isinstance(error, StudentError),
                }
            )
        )

    def _emit(self, output: dict[str, Any]) -> None:
        self._channel.send(Frame.of(output, OUTPUT))
