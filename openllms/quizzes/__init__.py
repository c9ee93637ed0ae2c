"""The quiz of each lesson, as data: `NN_name.yaml` beside this file.

Questions are text that a translator touches, so they live in data files, not in code. `load`
checks them: each choice carries its own explanation and exactly one choice is right.
"""

from importlib.resources import files
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

LETTERS = "ABCDEF"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Choice(_Strict):
    """One answer that can be chosen, and why it is right or which mistake leads to it."""

    text: str = Field(min_length=1)
    why: str = Field(min_length=20)
    correct: bool = False


class Question(_Strict):
    """A multiple-choice question; `kind` says what it takes to answer it."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    objective: str = Field(pattern=r"^O[1-9]$")
    kind: Literal["computation", "application", "concept"]
    prompt: str = Field(min_length=10)
    choices: list[Choice] = Field(min_length=3, max_length=len(LETTERS))

    @model_validator(mode="after")
    def _one_right_choice(self) -> Self:
        if sum(choice.correct for choice in self.choices) != 1:
            raise ValueError(f"question {self.id!r} needs exactly one choice with `correct: true`")
        if len({choice.text for choice in self.choices}) < len(self.choices):
            raise ValueError(f"question {self.id!r} has the same choice twice")
        return self

    @property
    def letters(self) -> str:
        """The letters of the choices, such as "ABCD"."""
        return LETTERS[: len(self.choices)]

    @property
    def right(self) -> str:
        """The letter of the right choice."""
        return next(
            letter
            for letter, choice in zip(self.letters, self.choices, strict=True)
            if choice.correct
        )


class Quiz(_Strict):
    """The quiz of one lesson."""

    lesson: str
    questions: list[Question] = Field(min_length=1)

    @model_validator(mode="after")
    def _distinct_ids(self) -> Self:
        ids = [question.id for question in self.questions]
        if len(set(ids)) < len(ids):
            raise ValueError(f"two questions of {self.lesson!r} have the same id")
        return self


def lessons() -> list[str]:
    """Names of the lessons that have a quiz, in order."""
    names = (file.name for file in files(__name__).iterdir())
    return sorted(name.removesuffix(".yaml") for name in names if name.endswith(".yaml"))


def load(lesson: str) -> Quiz:
    """Read the quiz of a lesson, such as "01_open_models".

    Raises:
        KeyError: there is no quiz of that name.
        ValueError: the data file breaks a rule; the message names file and field.
    """
    if lesson not in lessons():
        raise KeyError(f"no quiz {lesson!r}; there are: {', '.join(lessons())}")
    text = files(__name__).joinpath(f"{lesson}.yaml").read_text(encoding="utf-8")
    try:
        return Quiz.model_validate(yaml.safe_load(text))
    except ValidationError as error:
        raise ValueError(f"quizzes/{lesson}.yaml: {error}") from error
