"""Commit to an answer before the cell that settles it is run."""

import re
from dataclasses import dataclass
from typing import Any

import ipywidgets
from IPython.display import HTML, display

from openllms import quizzes
from openllms.quizzes import PredictTask
from openllms.widgets.entry import Entry
from openllms.widgets.view import framed, inline, note, paragraph, text_block

_SCALES = {"": 1, "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "g": 1e9}
_SCALES |= {"billion": 1e9, "t": 1e12, "trillion": 1e12, "%": 0.01}
_NUMBER = re.compile(r"\s*([-+]?[\d.,_ ]*\d(?:e[-+]?\d+)?)\s*([a-z%]*)\s*", re.IGNORECASE)


def parse_number(text: str, unit: str = "") -> float:
    """Read a number as people write it: "250M", "2.5e8", "250 million", "12,000", "40%".

    Args:
        text: what was typed.
        unit: what is counted; where that is "percent", "40%" is 40 and not 0.4.

    Raises:
        ValueError: it is not a number; the message shows forms that work.
    """
    match = _NUMBER.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        scale = "" if (match[2], unit) == ("%", "percent") else match[2].lower()
        return float(re.sub(r"[,_ ]", "", match[1])) * _SCALES[scale]
    except (ValueError, KeyError):
        said = f"{text!r} is not a number; write it like 12000, 1.5e9, 250M or 9 billion"
        raise ValueError(said) from None


@dataclass
class Prediction:
    """What a learner expects, to be held against what is measured.

    Attributes:
        task: what is asked.
        value: the committed answer (a number, or the key of a choice), or None.
    """

    task: PredictTask
    value: str | float | None = None

    def commit(self, answer: str) -> str:
        """Record an answer: the key of a choice, or a number as typed. Return the confirmation.

        Raises:
            ValueError: it is none of the choices, or not a number.
        """
        if self.task.choices and answer not in self.task.choices:
            raise ValueError("choose one of the answers first")
        self.value = answer if self.task.choices else parse_number(answer, self.task.unit)
        return f"Noted: {self._say(self.value)}. Now run the next cell."

    def verdict(self, actual: str | float) -> tuple[bool | None, str]:
        """Whether the prediction holds (None if there is none), and a sentence that says so.

        A predicted number holds if it is within a factor of two: the size is what matters.

        Args:
            actual: the number that was measured, or the key of the right choice.

        Raises:
            ValueError: it answers another question: no choice has that key, or a key was given
                where a number is asked.
        """
        choices = self.task.choices
        if actual not in choices if choices else isinstance(actual, str):
            asked = f"this bet is about another question ({self.task.question!r})"
            raise ValueError(f"{asked}: {actual!r} is no answer to it")
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
            return self.task.choices[value]
        number = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3g}"
        return f"{number} {self.task.unit}"


class PredictView:
    """The widget of a prediction; `compare` goes into the cell that measures."""

    def __init__(self, prediction: Prediction) -> None:
        self.prediction = prediction
        self.feedback = text_block("", "predict-feedback")
        self.widget = framed("predict", self._controls(), self.feedback)

    def _controls(self) -> ipywidgets.HBox:
        button = ipywidgets.Button(description="Commit")
        task = self.prediction.task
        if task.choices:
            options = [("choose ...", ""), *((text, key) for key, text in task.choices.items())]
            field: Any = ipywidgets.Dropdown(options=options, description="Your answer")
            button.on_click(lambda _: self._commit(field.value))
        else:
            field = ipywidgets.Text(description="Your answer", placeholder="a number")
        field.observe(self._on_change, names="value")
        if not task.choices:
            Entry(field, button, self._commit)
        unit = [ipywidgets.Label(task.unit)] if task.unit else []
        return ipywidgets.HBox([field, *unit, button])

    def _on_change(self, _: object) -> None:
        self.feedback.value = ""  # it was about another answer

    def _commit(self, answer: str) -> None:
        try:
            self.feedback.value = note(inline(self.prediction.commit(answer)))
        except ValueError as error:
            self.feedback.value = note(inline(str(error)))

    @property
    def static(self) -> str:
        """The question as HTML; it stands above the controls, with or without a kernel."""
        task = self.prediction.task
        asked = paragraph(f"<b>Predict.</b> {inline(task.question)}")
        choices = "".join(f"<li>{inline(text)}</li>" for text in task.choices.values())
        return f"{asked}<ul>{choices}</ul>" if choices else asked

    def compare(self, actual: str | float) -> None:
        """Show what was predicted beside what is so (see `Prediction.verdict`), and why."""
        right, sentence = self.prediction.verdict(actual)
        display(HTML(note(inline(f"{sentence} {self.prediction.task.why}"), right)))

    def _ipython_display_(self) -> None:
        display(HTML(self.static))
        display(self.widget)


def predict(lesson: str, task: str) -> PredictView:
    """Ask for a prediction; its text stands in the data file of the lesson's quiz.

    Keep the result under a name of its own, so that cells can be run again in any order, and
    settle it in a later cell:

        bet_on_parameters = widgets.predict("01_open_models", "parameters")
        bet_on_parameters                        # last line of the first cell
        bet_on_parameters.compare(parameters)    # in the cell that counts them
    """
    return PredictView(Prediction(quizzes.load(lesson).prediction(task)))
