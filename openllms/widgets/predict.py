"""Commit to an answer before the cell that settles it is run."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets
from IPython.display import HTML, display

from openllms.widgets.view import folded, inline, note, text_block

_SCALES = {"": 1, "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "g": 1e9}
_SCALES |= {"billion": 1e9, "t": 1e12, "trillion": 1e12, "%": 0.01}
_NUMBER = re.compile(r"\s*([-+]?[\d.,_ ]*\d(?:e[-+]?\d+)?)\s*([a-z%]*)\s*", re.IGNORECASE)


def parse_number(text: str) -> float:
    """Read a number as people write it: "135M", "1.3e8", "135 million", "12,000", "40%".

    Raises:
        ValueError: it is not a number; the message shows forms that work.
    """
    match = _NUMBER.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        return float(re.sub(r"[,_ ]", "", match[1])) * _SCALES[match[2].lower()]
    except (ValueError, KeyError):
        said = f"{text!r} is not a number; write it like 12000, 1.5e9, 135M or 7 billion"
        raise ValueError(said) from None


@dataclass
class Prediction:
    """What a learner expects, to be held against what is measured.

    Attributes:
        question: what is asked.
        choices: the answers to choose from; empty where a number is asked.
        unit: unit of the number.
        value: the committed answer, or None.
    """

    question: str
    choices: tuple[str, ...] = ()
    unit: str = ""
    value: str | float | None = None

    def commit(self, answer: str) -> str:
        """Record an answer, given as it was chosen or typed; return the confirmation as text.

        Raises:
            ValueError: it is none of the choices, or not a number.
        """
        if self.choices:
            if answer not in self.choices:
                raise ValueError("choose one of the answers first")
            self.value = answer
            return f"Noted: {answer}. Now run the next cell."
        self.value = parse_number(answer)
        return f"Noted: {self._say(self.value)}. Now run the next cell."

    def verdict(self, actual: str | float) -> tuple[bool | None, str]:
        """Whether the prediction holds (None if there is none), and a sentence that says so.

        A predicted number holds if it is within a factor of two: the size is what matters.
        """
        if self.value is None:
            return None, f"The answer: {self._say(actual)}. (You made no prediction; try the next.)"
        said = f"You predicted {self._say(self.value)}; it is {self._say(actual)}"
        if isinstance(actual, str) or isinstance(self.value, str):
            return self.value == actual, f"{said}."
        if self.value <= 0 or actual <= 0:
            return self.value == actual, f"{said}."
        factor = max(self.value / actual, actual / self.value)
        close = factor <= 2
        return close, f"{said}: {'within' if close else 'off by'} a factor of {factor:.3g}."

    def _say(self, value: str | float) -> str:
        if isinstance(value, str):
            return value
        number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3g}"
        return f"{number} {self.unit}".strip()


class PredictView:
    """The widget of a prediction; `compare` goes into the cell that measures."""

    def __init__(self, prediction: Prediction) -> None:
        self.prediction = prediction
        self.feedback = text_block("")
        self.feedback.add_class("predict-feedback")
        self.widget = ipywidgets.VBox(
            [text_block(f"<b>Predict.</b> {inline(prediction.question)}"), *self._controls()]
        )
        self.widget.add_class("predict")

    def _controls(self) -> list[ipywidgets.Widget]:
        button = ipywidgets.Button(description="Commit")
        if self.prediction.choices:
            field: Any = ipywidgets.Dropdown(
                options=[("choose ...", ""), *((c, c) for c in self.prediction.choices)],
                description="Your answer",
                layout=ipywidgets.Layout(width="32em", max_width="100%"),
            )
        else:
            field = ipywidgets.Text(description="Your answer", placeholder="12000, 1.5e9, 135M")
        field.style.description_width = "7em"
        unit = ipywidgets.Label(self.prediction.unit)

        def on_commit(_: ipywidgets.Button) -> None:
            try:
                self.feedback.value = note(inline(self.prediction.commit(field.value)))
            except ValueError as error:
                self.feedback.value = note(inline(str(error)), right=False)

        button.on_click(on_commit)
        return [ipywidgets.HBox([field, unit, button]), self.feedback]

    def compare(self, actual: str | float, why: str = "") -> None:
        """Show what was predicted beside what is so, and why it is so."""
        right, sentence = self.prediction.verdict(actual)
        display(HTML(note(inline(f"{sentence} {why}".strip()), right)))

    def _ipython_display_(self) -> None:
        display(self.widget)
        choices = "".join(f"<li>{inline(choice)}</li>" for choice in self.prediction.choices)
        asked = f"<p>{inline(self.prediction.question)}</p>"
        display(HTML(folded("The question as plain text", f"{asked}<ul>{choices}</ul>")))


def predict(question: str, choices: Sequence[str] = (), *, unit: str = "") -> PredictView:
    """Ask for a prediction: one of `choices`, or a number in `unit`.

    Keep the result and settle it in the next cell:

        guess = widgets.predict("How many parameters has the model?", unit="parameters")
        guess                        # last line of the first cell
        guess.compare(parameters)    # in the cell that counts them
    """
    return PredictView(Prediction(question, tuple(choices), unit))
