"""The clinic's evaluation set: read, checked and turned into items that can be scored."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Literal

from pydantic import Field, model_validator

from openllms.datafiles import Strict, read

Language = Literal["English", "Portuguese"]
Kind = Literal["sorting", "questions"]


class Item(Strict):
    """One thing to decide: a context that ends where the choice begins, and the choices.

    Attributes:
        id: unique, such as "sorting-English-urgent-2".
        kind: "sorting" (which box?) or "questions" (which answer?).
        language: of context and choices.
        text: the message or question alone.
        context: what a language model reads, `text` in its prompt; ends without a blank.
        choices: what may follow, without the leading blank.
        right: the place of the right choice.
    """

    id: str
    kind: Kind
    language: Language
    text: str = Field(min_length=1)
    context: str = Field(min_length=1)
    choices: tuple[str, ...] = Field(min_length=2)
    right: int = Field(ge=0)

    @model_validator(mode="after")
    def _sound(self) -> "Item":
        if self.right >= len(self.choices):
            raise ValueError(f"item {self.id!r} has no choice {self.right}")
        if len(set(self.choices)) < len(self.choices):
            raise ValueError(f"item {self.id!r} has the same choice twice")
        if self.context != self.context.rstrip():
            raise ValueError(f"item {self.id!r}: the context ends with a blank")
        return self


class Clinic(Strict):
    """All that the clinic shares with whoever chooses its model.

    Attributes:
        items: what models are measured on.
        examples: (message, category, language) sorted by hand, to learn from.
        categories: the boxes, in the order of the choices of a sorting item.
        answers: key -> the clinic's approved sentence.
        asked: (question, key of its answer, language).
    """

    items: tuple[Item, ...]
    examples: tuple[tuple[str, str, Language], ...]
    categories: tuple[str, ...]
    answers: dict[str, str]
    asked: tuple[tuple[str, str, Language], ...]

    def sorting(self) -> list[Item]:
        """The items that ask for a box."""
        return [item for item in self.items if item.kind == "sorting"]

    def questions(self) -> list[Item]:
        """The items that ask for an answer."""
        return [item for item in self.items if item.kind == "questions"]


@cache
def clinic() -> Clinic:
    """Read the evaluation set `clinic.yaml`; the choices of each question are mixed, seeded."""
    data = read(Path(__file__).with_name("clinic.yaml"), dict[str, Any])
    asked = [
        (question, key, language)
        for language, questions in data["asked"].items()
        for key, question in questions.items()
    ]
    return Clinic(
        items=(*_sorting(data), *_questions(data)),
        examples=tuple(_messages(data["examples"])),
        categories=tuple(data["categories"]),
        answers=data["answers"],
        asked=tuple(asked),
    )


def _messages(by_language: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for language, by_category in by_language.items():
        for category, messages in by_category.items():
            yield from ((message, category, language) for message in messages)


def _sorting(data: dict[str, Any]) -> Iterator[Item]:
    names = data["categories"]
    for number, (message, category, language) in enumerate(_messages(data["sorting"])):
        yield Item(
            id=f"sorting-{language}-{category}-{number % 4 + 1}",
            kind="sorting",
            language=language,
            text=message,
            context=data["prompts"]["sorting"][language].format(text=message),
            choices=tuple(name[language] for name in names.values()),
            right=list(names).index(category),
        )


def _questions(data: dict[str, Any]) -> Iterator[Item]:
    for language, questions in data["questions"].items():
        for number, question in enumerate(questions, start=1):
            right, *wrong = question["choices"]
            choices = [right, *wrong]
            Random(number).shuffle(choices)  # noqa: S311 (the same in both languages)
            yield Item(
                id=f"questions-{language}-{number}",
                kind="questions",
                language=language,
                text=question["text"],
                context=data["prompts"]["questions"][language].format(text=question["text"]),
                choices=tuple(choices),
                right=choices.index(right),
            )
