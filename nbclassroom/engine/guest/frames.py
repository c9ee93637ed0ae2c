"""Messages between the grader and a sandbox: a JSON text and two safetensors blocks, never pickle.

A frame is a header, one byte for its kind and three lengths (4 bytes each, big-endian), followed by
the JSON text, the NumPy block and the torch block. The kind stands outside of the JSON, so that the
grader can hand an answer on without looking into it. The reader decides how much it accepts;
everything else is an error.
"""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

HEADER = struct.Struct(">BIII")
#: Kinds: the grader's own conversation; an output of a cell; a question and its answer.
CONTROL, OUTPUT, QUESTION = range(3)


class ProtocolError(Exception):
    """The other side sent what no well-behaved process sends."""


class Frame(NamedTuple):
    """One message: its kind, its JSON text, and the arrays it refers to as safetensors bytes."""

    kind: int
    text: bytes
    numpy: bytes = b""
    torch: bytes = b""

    @classmethod
    def of(
        cls, message: dict[str, Any], kind: int = CONTROL, numpy: bytes = b"", torch: bytes = b""
    ) -> Frame:
        """The frame that carries `message`."""
        return cls(kind, json.dumps(message).encode("ascii"), numpy, torch)

    @property
    def message(self) -> dict[str, Any]:
        """The JSON object; `ProtocolError` when it is none."""
        try:
            message = json.loads(self.text)
        except (ValueError, RecursionError) as error:
            raise ProtocolError(f"a message that is not JSON: {error}") from None
        if not isinstance(message, dict):
            raise ProtocolError("a message that is not a JSON object")
        return message

    @property
    def size(self) -> int:
        """Bytes on the wire."""
        return HEADER.size + sum(map(len, self[1:]))

    def __bytes__(self) -> bytes:
        return HEADER.pack(self.kind, *map(len, self[1:])) + self.text + self.numpy + self.torch


class Reader:
    """Cuts a stream of bytes into frames.

    Args:
        limits: bytes that a frame of each kind may have; one of another kind or size is refused.
    """

    def __init__(self, limits: dict[int, int]) -> None:
        self.limits = limits
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        """Append what arrived."""
        self._buffer += data

    def next(self) -> Frame | None:
        """The next complete frame, or None; `ProtocolError` for one that is too large."""
        if len(self._buffer) < HEADER.size:
            return None
        kind, *lengths = HEADER.unpack_from(self._buffer)
        end = HEADER.size + sum(lengths)
        if end > self.limits.get(kind, 0):
            raise ProtocolError(f"a message of kind {kind} and {end} bytes")
        if len(self._buffer) < end:
            return None
        parts, start = [], HEADER.size
        for length in lengths:
            parts.append(bytes(self._buffer[start : start + length]))
            start += length
        del self._buffer[:end]
        return Frame(kind, *parts)


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Take the grader's interrupts for the time of a cell; one that comes too late is ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


class Channel:
    """A blocking end of the channel, as a worker holds it."""

    def __init__(self, connection: socket.socket, limit: int) -> None:
        self._connection = connection
        self._reader = Reader(dict.fromkeys((CONTROL, OUTPUT, QUESTION), limit))

    def send(self, frame: Frame) -> None:
        """Send one frame whole, also when the cell is interrupted meanwhile."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._connection.sendall(bytes(frame))
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def receive(self) -> Frame:
        """Wait for the next frame; `EOFError` when the other side is gone."""
        while (frame := self._reader.next()) is None:
            data = self._connection.recv(1 << 20)
            if not data:
                raise EOFError
            self._reader.feed(data)
        return frame
