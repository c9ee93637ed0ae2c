"""What a lesson asks its reader, as data: `NN_name.yaml` beside this file.

Quiz questions, predictions, sorting tasks and the words around what a learner builds are text that
a translator touches, so they live in data files, not in code. `load` checks them: each choice
carries its own explanation, exactly one choice is right, every item has a bin. Keys such as
`smaller` stay the same in every language: code uses them.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import Field, model_validator

from openllms.datafiles import Strict, did_you_mean, read

FOLDER = Path(__file__).parent
LETTERS = "ABCDEF"
Task = TypeVar("Task", "PredictTask", "SortTask", "BuildTask")


class Choice(Strict):
    """One answer that can be chosen, and why it is right or which mistake leads to it."""

    text: str = Field(min_length=1)
    why: str = Field(min_length=20)
    correct: bool = False


class Question(Strict):
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


class PredictTask(Strict):
    """What a reader commits to before a cell is run: a number in `unit`, or one of `choices`.

    Attributes:
        id: what the notebook calls it by.
        question: what is asked.
        unit: of the number; empty for a choice.
        choices: key -> text; empty for a number.
        why: shown with the result.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    question: str = Field(min_length=10)
    unit: str = ""
    choices: dict[str, str] = Field(default_factory=dict)
    why: str = Field(min_length=10)

    @model_validator(mode="after")
    def _number_or_choice(self) -> Self:
        if bool(self.unit) == bool(self.choices):
            raise ValueError(f"prediction {self.id!r} needs either a unit or choices")
        return self


class Item(Strict):
    """One thing to sort: what is shown, the key of the bin that it belongs in, and why."""

    text: str = Field(min_length=1)
    bin: str
    why: str = Field(min_length=10)


class SortTask(Strict):
    """Items to put into bins (key -> text)."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    bins: dict[str, str] = Field(min_length=2)
    items: list[Item] = Field(min_length=2)

    @model_validator(mode="after")
    def _known_bins(self) -> Self:
        lost = {item.bin for item in self.items} - set(self.bins)
        if lost:
            raise ValueError(f"sorting {self.id!r} has no bin {', '.join(sorted(lost))}")
        if len({item.text for item in self.items}) < len(self.items):
            raise ValueError(f"sorting {self.id!r} has the same item twice")
        return self


class BuildTask(Strict):
    """The words around a function that a learner writes (see `openllms.build`).

    Attributes:
        id: the function's name.
        cases: key -> what the case is about, in words that fit after "For".
        mistakes: key -> what to tell whoever made that mistake: what is wrong, not the answer.
        praise: what a right version has shown.
        hints: opened one by one, from a nudge to nearly all of it; the solution follows them.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    cases: dict[str, str] = Field(min_length=1)
    mistakes: dict[str, str] = Field(min_length=1)
    praise: str = Field(min_length=10)
    hints: list[str] = Field(min_length=1)


class Quiz(Strict):
    """All that one lesson asks: the quiz at its end; predictions, sortings, builds on the way."""

    lesson: str
    questions: list[Question] = Field(min_length=1)
    predictions: list[PredictTask] = Field(default_factory=list)
    sortings: list[SortTask] = Field(default_factory=list)
    builds: list[BuildTask] = Field(default_factory=list)

    @model_validator(mode="after")
    def _distinct_ids(self) -> Self:
        for asked in (self.questions, self.predictions, self.sortings, self.builds):
            ids = [one.id for one in asked]
            if len(set(ids)) < len(ids):
                raise ValueError(f"two things of {self.lesson!r} have the same id")
        return self

    def prediction(self, task: str) -> PredictTask:
        """The prediction of that id.

        Raises:
            KeyError: there is none; the message says which there are.
        """
        return _by_id(self.predictions, task)

    def sorting(self, task: str) -> SortTask:
        """The sorting task of that id.

        Raises:
            KeyError: there is none; the message says which there are.
        """
        return _by_id(self.sortings, task)

    def build(self, task: str) -> BuildTask:
        """The words of the build of that id.

        Raises:
            KeyError: there is none; the message says which there are.
        """
        return _by_id(self.builds, task)


def _by_id(tasks: Sequence[Task], wanted: str) -> Task:
    for task in tasks:
        if task.id == wanted:
            return task
    raise KeyError(f"no task {wanted!r}; there are: {', '.join(task.id for task in tasks)}")


def lessons() -> list[str]:
    """Names of the lessons that have a quiz, in order."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load(lesson: str) -> Quiz:
    """Read the quiz of a lesson, such as "01_open_models".

    Raises:
        KeyError: there is no quiz of that name.
        openllms.datafiles.DataError: the data file breaks a rule; the message names file and field.
    """
    if lesson not in lessons():
        raise KeyError(f"no quiz {lesson!r}; {did_you_mean(lesson, lessons())}")
    return read(FOLDER / f"{lesson}.yaml", Quiz)
