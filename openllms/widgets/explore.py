"""Call a function again whenever a slider or a choice moves, and show what it returns."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log10
from typing import Any

import ipywidgets

from openllms.widgets.view import View, framed, inline, note, text_block


@dataclass(frozen=True)
class Slide:
    """A slider: its label (with the unit), where it starts, its range; `log` for powers of ten."""

    label: str
    start: float
    low: float
    high: float
    step: float = 1
    log: bool = False

    def control(self) -> Any:
        """The slider; in a logarithmic one, `step` is a step of the exponent."""
        shared = {
            "description": self.label,
            "value": self.start,
            "step": self.step,
            "continuous_update": False,
        }
        if self.log:
            return ipywidgets.FloatLogSlider(
                min=log10(self.low), max=log10(self.high), readout_format=",.3s", **shared
            )
        whole = all(float(n).is_integer() for n in (self.start, self.low, self.high, self.step))
        kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
        return kind(min=self.low, max=self.high, **shared)


@dataclass(frozen=True)
class Choose:
    """A menu: its label and the choices; the first one is chosen at the start."""

    label: str
    options: tuple[Any, ...]

    def control(self) -> Any:
        """The menu."""
        return ipywidgets.Dropdown(options=list(self.options), description=self.label)


def render(function: Callable[..., Any], values: Mapping[str, Any]) -> str:
    """HTML of `function(**values)`: a picture, a table, a text; or the error, said kindly."""
    try:
        result = function(**values)
    except Exception as error:
        return note(inline(f"These values do not work: {error}"))
    if hasattr(result, "html"):
        return str(result.html)
    if hasattr(result, "_repr_html_"):
        return str(result._repr_html_())
    return f"<pre>{html.escape(str(result))}</pre>"


def explore(function: Callable[..., Any], **controls: Slide | Choose) -> View:
    """Show a control for each argument of `function` and its result, which follows the controls.

    The cell above should call `function` once with fixed values: that is the static version.
    """
    parts = {name: control.control() for name, control in controls.items()}
    result = text_block("", "explore-result")

    def update(_: Any = None) -> None:
        result.value = render(function, {name: part.value for name, part in parts.items()})

    for part in parts.values():
        part.observe(update, names="value")
    update()
    return View(framed("explore", *parts.values(), result), "")
