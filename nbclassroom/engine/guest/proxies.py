"""What the tests hold in place of the student's functions and live objects."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

Ask = Callable[..., Any]


class Function:
    """A function of the student's: calling it runs it in the student's process.

    Arguments and result are copies; what the function changes in an argument is changed in the
    test's own object too. `__name__`, `__doc__` and `inspect.signature` answer as the student's
    function would.
    """

    def __init__(self, ask: Ask, handle: int, description: dict[str, Any]) -> None:
        self._ask, self._handle = ask, handle
        self.__name__ = self.__qualname__ = str(description.get("name", "function"))
        doc = description.get("doc")
        self.__doc__ = doc if isinstance(doc, str) else None
        self._parameters = description.get("parameters")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102
        return self._ask("call", self._handle, args, kwargs)

    def __repr__(self) -> str:
        return f"<the student's {self.__name__}>"

    @property
    def __signature__(self) -> inspect.Signature:
        missing = inspect.Parameter.empty
        return inspect.Signature(
            [
                inspect.Parameter(
                    str(name), inspect._ParameterKind(kind), default=... if default else missing
                )
                for name, kind, default in self._parameters or []
            ]
        )


class Live:
    """An object that cannot cross and stays in the student's process: every use is asked there.

    The answers are the student's word, so a cell that uses one is marked in the report.
    """

    def __init__(self, ask: Ask, handle: int, description: dict[str, Any]) -> None:
        object.__setattr__(self, "_live", (ask, handle, description))

    @property
    def __class__(self) -> type:
        """The nearest class of the object that a library here defines, for `isinstance`."""
        for module, name in self._live[2].get("classes", ()):
            found = getattr(sys.modules.get(str(module)), str(name), None)
            if module not in ("__main__", "builtins") and isinstance(found, type):
                return found
        return Live

    @__class__.setter
    def __class__(self, value: type) -> None:
        raise TypeError("the class of a live object cannot be set")

    def __getattr__(self, name: str) -> Any:
        return _operate(self, "getattr", name)

    def __setattr__(self, name: str, value: Any) -> None:
        _operate(self, "setattr", name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102
        ask, handle, _ = object.__getattribute__(self, "_live")
        return ask("call", handle, args, kwargs, live=True)

    def __iter__(self) -> Iterator[Any]:
        iterator = _operate(self, "iter")
        while True:
            try:
                yield _operate(iterator, "next")
            except RemoteStopError:
                return

    def __bool__(self) -> bool:
        return bool(_operate(self, "bool"))

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return f"<the student's {self._live[2].get('type', 'object')}>"


class RemoteStopError(Exception):
    """The end of an iteration in the student's process."""


def _operate(live: Live, what: str, *args: Any) -> Any:
    ask, handle, _ = object.__getattribute__(live, "_live")
    return ask(what, handle, args, {}, live=True)


def _method(what: str) -> Callable[..., Any]:
    def method(self: Live, *args: Any) -> Any:
        return _operate(self, what, *args)

    return method


_OPERATORS = """
    add sub mul truediv floordiv mod pow matmul and or xor lshift rshift neg pos abs invert lt le
    eq ne gt ge getitem setitem delitem contains index len int float str enter radd rsub rmul
    rtruediv
"""
for _name in _OPERATORS.split():
    _operation = {"and": "and_", "or": "or_"}.get(_name, _name)
    setattr(Live, f"__{_name}__", _method(_operation))
Live.__exit__ = lambda self, *exception: _operate(self, "exit")  # type: ignore[attr-defined]
