"""The student's process: runs the student's cells and answers the tests' questions about names.

Nothing here is trusted: code that runs in this process can change all of it. What it can reach by
that is what an ordinary answer can reach too, namely the values that its own functions return.
"""

from __future__ import annotations

import builtins
import contextlib
import inspect
import json
import operator
import random
import sys
import traceback
from collections.abc import Callable
from typing import Any

from .frames import OUTPUT, QUESTION, Channel, Frame, interruptible
from .shell import Shell, no_input
from .values import Packer, RefusedError, Unpacker, fingerprint, type_name

_MAX_NOTE = 4000
#: What a name that was declared live may be asked to do, beside `call`.
_OPERATORS = """
    add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift neg pos abs invert
    lt le eq ne gt ge getitem setitem delitem contains index
"""
LIVE_OPERATIONS: dict[str, Callable[..., Any]] = {
    name: getattr(operator, name)
    for name in _OPERATORS.split()
} | {
    "getattr": getattr, "setattr": setattr, "delattr": delattr, "len": len, "bool": bool,
    "iter": iter, "next": next, "int": int, "float": float, "str": str, "repr": repr, "hash": hash,
    "enter": lambda value: value.__enter__(),
    "exit": lambda value: value.__exit__(None, None, None),
    "radd": lambda value, other: other + value,
    "rsub": lambda value, other: other - value,
    "rmul": lambda value, other: other * value,
    "rtruediv": lambda value, other: other / value,
}  # fmt: skip


class StudentProcess:
    """Serves the grader's requests one after the other."""

    _channel: Channel

    def __init__(self) -> None:
        self._shell = Shell.instance()
        self._handles: list[Any] = []

    def begin(self, channel: Channel) -> None:
        """Take over this process, and talk over the channel from now on."""
        self._channel = channel
        self._shell.take_over()
        builtins.input = no_input

    def serve(self) -> None:
        """Answer until the grader closes the channel."""
        while True:
            try:
                frame = self._channel.receive()
            except EOFError:
                return
            if frame.kind == QUESTION:
                self._answer(frame)
            else:
                self._run(frame.message["code"])

    def _run(self, code: str) -> None:
        failed = True
        with contextlib.suppress(KeyboardInterrupt), interruptible():
            failed = self._shell.run(code, self._emit) is not None
        self._channel.send(Frame.of({"done": True, "failed": failed}))

    def _emit(self, output: dict[str, Any]) -> None:
        try:
            frame = Frame.of(output, OUTPUT)
        except (TypeError, ValueError) as error:
            text = f"an output that is no JSON: {error}\n"
            frame = Frame.of({"output_type": "stream", "name": "stderr", "text": text}, OUTPUT)
        self._channel.send(frame)

    def _answer(self, frame: Frame) -> None:
        """A question of the tests: what a name is, a call, or an operation on a live object."""
        self._shell._emit = self._emit
        packer = Packer()
        try:
            with interruptible():
                answer, packer = self._result(frame.message, frame)
        except RefusedError as error:
            answer = {"refused": str(error)}
        except BaseException as error:
            answer = _error(error)
        self._shell.flush()
        self._shell._emit = lambda output: None
        self._channel.send(packer.frame(answer))

    def _result(self, message: dict[str, Any], frame: Frame) -> tuple[dict[str, Any], Packer]:
        live = bool(message.get("live"))
        arguments = Unpacker(frame, special=self._special)
        if message["what"] == "get":
            name = message["name"]
            if name not in self._shell.user_ns:
                return {"missing": name}, Packer()
            value = self._shell.user_ns[name]
            before: dict[int, str] = {}
            named: str | None = name
        else:
            target = self._handles[message["handle"]]
            positional = arguments.unpack(message["args"])
            keywords = arguments.unpack(message["kwargs"])
            known = dict(arguments.objects)
            before = {number: fingerprint(item, known) for number, item in known.items()}
            self._follow_random_numbers(arguments, message.get("random"))
            named = None
            if message["what"] == "call":
                value = target(*positional, **keywords)
            else:
                value = LIVE_OPERATIONS[message["what"]](target, *positional)
        packer = Packer(arguments.objects, special=lambda item: self._remote(item, live, named))
        if (form := self._top(value, live, named)) is None:
            form = packer.pack(value)
        changed = [
            [number, packer.contents(item)]
            for number, item in arguments.objects.items()
            if number in before and fingerprint(item, dict(arguments.objects)) != before[number]
        ]
        return {"value": form, "changed": changed}, packer

    def _top(self, value: Any, live: bool, name: str | None) -> list[Any] | None:
        """A name that holds a function is called through a proxy; a live one is never copied."""
        if name is None:
            return None
        if live:
            return self._handle("live", value)
        if inspect.ismodule(value):
            return ["module", value.__name__]
        return self._handle("callable", value) if callable(value) else None

    def _remote(self, value: Any, live: bool, name: str | None) -> list[Any] | None:
        return self._handle("live", value) if live else None

    def _handle(self, kind: str, value: Any) -> list[Any]:
        self._handles.append(value)
        description: dict[str, Any] = {"type": type_name(value)}
        if kind == "callable":
            name, text = getattr(value, "__name__", None), getattr(value, "__doc__", None)
            description["name"] = name if type(name) is str else "function"
            description["doc"] = text if type(text) is str else None
            description["parameters"] = _parameters(value)
        else:
            description["classes"] = [
                [cls.__module__, cls.__qualname__] for cls in type(value).__mro__
            ]
        return [kind, len(self._handles) - 1, description]

    def _special(self, form: list[Any]) -> Any:
        """What tests may name in an argument: one of our own objects, or a library's function."""
        tag, *rest = form
        if tag == "handle":
            return self._handles[rest[0]]
        if tag == "global":
            __import__(rest[0])
            return operator.attrgetter(rest[1])(sys.modules[rest[0]])
        raise RefusedError(f"{tag} is not known here")

    def _follow_random_numbers(self, arguments: Unpacker, form: Any) -> None:
        """Take over the state of the generators that the test has just seeded."""
        if form is None:
            return
        state = arguments.unpack(form)
        version, numbers, gauss = json.loads(state["random"])
        random.setstate((version, tuple(numbers), gauss))
        if "numpy" in state:
            import numpy

            numpy.random.set_state(state["numpy"])
        if "torch" in state:
            import torch

            torch.set_rng_state(state["torch"])


def _parameters(value: Any) -> list[list[Any]]:
    """Names, kinds and whether there is a default: what `inspect.signature` shows."""
    try:
        parameters = inspect.signature(value).parameters.values()
        return [[str(p.name), int(p.kind), p.default is not p.empty] for p in parameters]
    except Exception:
        return []


def _error(error: BaseException) -> dict[str, Any]:
    """An exception as plain data: its classes, its text, and the end of its traceback."""
    try:
        text = (
            str(error.args[0]) if type(error) is KeyError and len(error.args) == 1 else str(error)
        )
        note = "".join(traceback.format_exception(error, limit=-5))[-_MAX_NOTE:]
    except Exception:
        text = note = ""
    classes = [[cls.__module__, cls.__qualname__] for cls in type(error).__mro__]
    return {"error": classes, "text": text, "note": note}
