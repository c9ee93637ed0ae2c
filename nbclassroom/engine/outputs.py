"""Outputs that a worker sent, checked and kept within limits, as nbformat data."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

_TRUNCATED = "... output truncated ..."


class Outputs:
    """Collects one cell's outputs.

    Args:
        keep: bytes that are kept; what is above is counted and dropped.

    Attributes:
        received: bytes that arrived, kept or not.
    """

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._cut = False
        self._clear = False
        self._displays: dict[str, NotebookNode] = {}
        self.received = 0
        self.nodes: list[NotebookNode] = []

    def add(self, output: dict[str, Any], size: int) -> None:
        """Take one output of `size` bytes; malformed ones are ignored."""
        self.received += size
        if self.received > self._keep:
            self._truncate()
            return
        kind = output.get("output_type")
        if kind == "clear":
            self._clear = bool(output.get("wait"))
            if not self._clear:
                self.nodes.clear()
            return
        if self._clear:
            self.nodes.clear()
            self._clear = False
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            self.text(str(output.get("text", "")), name)
        elif kind in ("display_data", "execute_result"):
            self._bundle(kind, output)
        elif kind == "error":
            self.error(
                str(output.get("ename", ""))[:200],
                str(output.get("evalue", ""))[:10_000],
                [str(line) for line in output.get("traceback", [])][:200],
            )

    def raw(self, data: bytes) -> None:
        """Text that a child process or a library wrote past Python's streams."""
        self.received += len(data)
        if self.received > self._keep:
            self._truncate()
        else:
            self.text(data.decode(errors="replace"), "stdout")

    def text(self, text: str, name: str = "stdout") -> None:
        """Append to a stream."""
        last = self.nodes[-1] if self.nodes else None
        if last is not None and last.output_type == "stream" and last.name == name:
            last.text += text
        else:
            self.nodes.append(new_output("stream", name=name, text=text))

    def error(self, name: str, value: str, traceback: list[str] | None = None) -> None:
        """Append an error."""
        lines = traceback or [f"{name}: {value}"]
        self.nodes.append(new_output("error", ename=name, evalue=value, traceback=lines))

    def _truncate(self) -> None:
        if not self._cut:
            self._cut = True
            self.text(f"\n{_TRUNCATED}\n", "stdout")

    def _bundle(self, kind: str, output: dict[str, Any]) -> None:
        data = output.get("data")
        if not isinstance(data, dict):
            return
        bundle = {k: v for k, v in data.items() if isinstance(v, str) or k.endswith("json")}
        identity = output.get("display_id")
        if output.get("update"):
            if isinstance(identity, str) and identity in self._displays:
                self._displays[identity].data = NotebookNode(bundle)
            return
        options = {"execution_count": None} if kind == "execute_result" else {}
        node = new_output(kind, data=bundle, metadata={}, **options)
        self.nodes.append(node)
        if isinstance(identity, str):
            self._displays[identity] = node
