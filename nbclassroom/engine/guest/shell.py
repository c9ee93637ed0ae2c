"""An IPython shell that runs cells in this process and hands each output on as nbformat data.

It behaves as a kernel does for a notebook (magics, rich output, top-level await), without sockets,
threads or an event loop, so that a process that holds it can be forked.
"""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Callable
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

Emit = Callable[[dict[str, Any]], None]
_STREAM_BATCH = 8192
_MAX_ERROR_TEXT = 10_000


def _data(bundle: dict[str, Any]) -> dict[str, Any]:
    """A MIME bundle as JSON: bytes (figures) in base64, as notebooks hold them."""
    return {
        str(kind): base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        for kind, value in bundle.items()
    }


class Stream(io.TextIOBase):
    """Standard output or error of the cells; texts are handed on in batches."""

    def __init__(self, name: str, descriptor: int) -> None:
        self._name, self._descriptor = name, descriptor
        self._parts: list[str] = []
        self._length = 0
        self.emit: Emit = lambda output: None

    encoding = "utf-8"

    def writable(self) -> bool:
        """True: it is an output."""
        return True

    def fileno(self) -> int:
        """The real descriptor, for child processes."""
        return self._descriptor

    def write(self, text: str) -> int:
        """Take a text; it is handed on at the next flush or full batch."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._parts.append(text)
        self._length += len(text)
        if self._length >= _STREAM_BATCH:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Hand on what was written."""
        if self._parts:
            text, self._parts, self._length = "".join(self._parts), [], 0
            self.emit({"output_type": "stream", "name": self._name, "text": text})


def emit_of(part: Any) -> Emit:
    """Where a part of the shell hands its outputs on."""
    emit: Emit = part.shell.emit
    return emit


class _ResultHook(DisplayHook):
    """The value of a cell's last expression becomes an `execute_result`."""

    def write_output_prompt(self) -> None:
        """A notebook shows no prompt text."""

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        if format_dict:
            emit_of(self)(
                {
                    "output_type": "execute_result",
                    "execution_count": None,
                    "data": _data(format_dict),
                    "metadata": md_dict or {},
                }
            )

    def finish_displayhook(self) -> None:
        """Nothing to print after the value."""
        self._is_active = False


class _Publisher(DisplayPublisher):
    """`display(...)` becomes `display_data`."""

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: Any = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **other: Any,
    ) -> None:
        emit_of(self)(
            {
                "output_type": "display_data",
                "data": _data(data),
                "metadata": metadata or {},
                "display_id": (transient or {}).get("display_id"),
                "update": update,
            }
        )

    def clear_output(self, wait: bool = False) -> None:
        emit_of(self)({"output_type": "clear", "wait": bool(wait)})


class Shell(InteractiveShell):
    """Runs cells; `emit` receives every output."""

    displayhook_class = Type(_ResultHook)
    display_pub_class = Type(_Publisher)

    def __init__(self, **options: Any) -> None:
        self._emit: Emit = lambda output: None
        self.streams = Stream("stdout", 1), Stream("stderr", 2)
        config = Config()
        config.InteractiveShell.colors = "nocolor"
        config.InteractiveShell.xmode = "Plain"  # the long form takes a tenth of a second
        config.HistoryManager.enabled = False
        super().__init__(config=config, **options)
        for stream in self.streams:
            stream.emit = lambda output: self._emit(output)

    def take_over(self) -> None:
        """Be the shell of this process; it may have been made in another, in another folder."""
        for kind in type(self)._walk_mro():
            kind._instance = self  # type: ignore[assignment]
        self.init_ipython_dir(None)
        self.init_profile_dir(None)
        sys.modules[self.user_module.__name__] = self.user_module
        sys.stdout, sys.stderr = self.streams

    def emit(self, output: dict[str, Any]) -> None:
        """Hand on one output, after the texts that were written before it."""
        self.flush()
        self._emit(output)

    def flush(self) -> None:
        """Hand on what was written to the two streams."""
        for stream in self.streams:
            stream.flush()

    def run(self, code: str, emit: Emit) -> BaseException | None:
        """Run one cell.

        Args:
            code: the cell's source.
            emit: called with each output.

        Returns:
            The exception that ended the cell, or None.
        """
        self._emit = emit
        try:
            result = self.run_cell(code, store_history=True)
            self.flush()
        finally:
            self._emit = lambda output: None
        return result.error_before_exec or result.error_in_exec

    def enable_gui(self, gui: str | None = None) -> None:
        """No event loop of a window system runs here."""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str] | str) -> None:
        try:
            text = str(evalue)
        except Exception as error:
            text = f"<its text cannot be made: {type(error).__name__}>"
        lines = [stb] if isinstance(stb, str) else list(stb)
        self.emit(
            {
                "output_type": "error",
                "ename": etype.__name__,
                "evalue": text[:_MAX_ERROR_TEXT],
                "traceback": lines,
            }
        )

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **options: Any) -> None:
        """Show an error; a recursion's in short form (the long one takes many seconds)."""
        value = (exc_tuple or sys.exc_info())[1]
        if isinstance(value, RecursionError):
            self._showtraceback(type(value), value, [f"{type(value).__name__}: {value}"])
            return
        super().showtraceback(exc_tuple, *args, **options)


def no_input(prompt: object = "") -> str:
    """What `input` does where nobody can answer; the message is ipykernel's."""
    raise EOFError("input() was called, but nobody answers while a notebook is graded")
