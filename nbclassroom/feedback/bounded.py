"""Work on a student's text in a process that can be ended: no text may cost more than its own page.

Parsers of Markdown, formulas and code meet texts that were made to keep them busy, and a library's
native code answers no signal. So such work is done in a process of its own, forked from a clean
server process, under limits of time and memory.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

#: Imported once by the server process, so that a call does not pay for it.
PRELOADED = ["nbclassroom.feedback.page"]
LARGEST_RESULT = 64 << 20

if sys.platform == "win32":
    _context: Any = multiprocessing.get_context("spawn")
else:
    _context = multiprocessing.get_context("forkserver")
    _context.set_forkserver_preload(PRELOADED)


class ExceededError(Exception):
    """The work took more time or memory than it may, or its process ended."""


def call(
    function: Callable[..., str], *arguments: Any, seconds: float, memory: int = 1 << 30
) -> str:
    """The text that `function(*arguments)` returns, from a process of its own.

    Args:
        function: a function of a module, by which the other process finds it.
        arguments: what can be pickled.
        seconds: after which the process is ended.
        memory: bytes of address space that the process may add to what it starts with.

    Raises:
        ExceededError: there is no result in time.
    """
    receiver, sender = _context.Pipe(duplex=False)
    process = _context.Process(
        target=_work, args=(sender, memory, function, arguments), daemon=True
    )
    with receiver:
        process.start()
        sender.close()
        try:
            if receiver.poll(seconds):
                with contextlib.suppress(EOFError, OSError):
                    return receiver.recv_bytes(LARGEST_RESULT).decode()
        finally:
            process.kill()
            process.join()
    raise ExceededError(f"no result within {seconds:g} s and {memory >> 20} MiB")


def _work(
    sender: Connection, memory: int, function: Callable[..., str], arguments: tuple[Any, ...]
) -> None:
    """In the process of its own: take the limit, work, send."""
    _limit(memory)
    sender.send_bytes(function(*arguments).encode("utf-8", "replace"))


def _limit(memory: int) -> None:
    with contextlib.suppress(ImportError, OSError, ValueError):  # not on each system
        import resource

        with open("/proc/self/statm") as file:  # noqa: PTH123 - one line of the kernel's
            held = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + memory, held + memory))
