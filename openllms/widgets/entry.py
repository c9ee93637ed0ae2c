"""A text field whose whole text is handed over on Enter, however busy the kernel is."""

import asyncio
import warnings
from collections.abc import Callable
from typing import Any

import ipywidgets

PATIENCE = 0.3  # seconds that a text may come after its Enter


class Entry:
    """Calls back with the text of a field on Enter, or on a click of a button.

    The page says that Enter was pressed *before* it says what was typed. So the callback waits for
    the text. It may also be that none comes, because the kernel has it already: then it is called
    after a moment.
    """

    def __init__(
        self, field: ipywidgets.Text, button: ipywidgets.Button, callback: Callable[[str], None]
    ) -> None:
        self.field, self.callback = field, callback
        self.asked: asyncio.TimerHandle | None = None
        field.continuous_update = False  # a text comes whole, on Enter or when the field is left
        field.observe(self._on_text, names="value")
        button.on_click(self._on_ask)
        with warnings.catch_warnings():  # deprecated in ipywidgets 8; 7 has no other way
            warnings.simplefilter("ignore", DeprecationWarning)
            field.on_submit(self._on_ask)

    def _on_ask(self, _: Any) -> None:
        if self.asked is None:
            self.asked = asyncio.get_running_loop().call_later(PATIENCE, self._deliver)

    def _on_text(self, _: Any) -> None:
        if self.asked is not None:
            self._deliver()

    def _deliver(self) -> None:
        if self.asked is not None:
            self.asked.cancel()
        self.asked = None
        self.callback(self.field.value)
