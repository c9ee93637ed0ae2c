"""What a family's data file may hold. A fact is a value with the place where it was read."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, Field, PrivateAttr

from openllms.datafiles import Strict

Text = Annotated[str, Field(strict=True, min_length=1)]
Count = Annotated[int, Field(strict=True, gt=0)]
Flag = Annotated[bool, Field(strict=True)]
Percent = Annotated[float, Field(strict=True, ge=0, le=100)]

Kind = Literal[
    "language model",
    "vision-language model",
    "image model",
    "speech model",
    "embedding model",
    "service",
    "serving system",
]
Architecture = Literal[
    "dense decoder",
    "mixture-of-experts decoder",
    "encoder",
    "encoder-decoder",
    "diffusion",
]


def _check_day(value: str) -> str:
    full = f"{value}-01" if re.fullmatch(r"\d{4}-\d{2}", value) else value
    try:
        datetime.date.fromisoformat(full)
    except ValueError as error:
        raise ValueError("write a date as 2023-02-24, or 2023-02 if the day is unknown") from error
    return value


Day = Annotated[Text, AfterValidator(_check_day)]

T = TypeVar("T")


class Fact(Strict, Generic[T]):
    """One value and where it stands.

    Attributes:
        value: The value.
        source: A key of the family's `sources`.
        at: The place inside that source: a section, a table, a file.
    """

    value: T
    source: Text
    at: Text


class Source(Strict):
    """Something that was read.

    Attributes:
        title: What it is called.
        url: Its address; a path of this repository for the models of this course.
        via: How it was read, if not all of it at that address: "in extracts", "abstract only", or
            the address of a copy.
        read: The day on which the places that facts name were last read.
    """

    title: Text
    url: Annotated[Text, Field(pattern=r"^(https?://|openllms/|training/)\S+$")]
    via: Text | None = None
    read: datetime.date

    @property
    def cited(self) -> str:
        """The title, with how it was read."""
        return f"{self.title} (read: {self.via})" if self.via else self.title


class Artefacts(Strict):
    """Which parts of a release anyone may download (true), and which were kept back (false).

    "Anyone" includes whoever first has to accept a licence, not whoever has to be chosen. For a
    release that was made from another, it is its own training that counts, not that of its base.

    Attributes:
        training_data: The training data themselves.
        data_information: A description of the data good enough to find or rebuild them.
        training_code: The code that trained the model.
        evaluation_code: The code that measured it.
        fine_tuning_code: The code that tuned it further.
        weights: The parameters of the final model.
        intermediate_checkpoints: Parameters from before the end of training.
        metrics: The measurements taken while it was trained (loss curves, logs).
    """

    training_data: Fact[Flag] | None = None
    data_information: Fact[Flag] | None = None
    training_code: Fact[Flag] | None = None
    evaluation_code: Fact[Flag] | None = None
    fine_tuning_code: Fact[Flag] | None = None
    weights: Fact[Flag] | None = None
    intermediate_checkpoints: Fact[Flag] | None = None
    metrics: Fact[Flag] | None = None


class Release(Strict):
    """A model, or a service, as it was given to the public. What no source tells is absent.

    Attributes:
        name: The name, unique in the catalogue.
        organisation: Who released it.
        date: The day of the release, ISO 8601; year and month where the day is unknown.
        ended: The day since when it is no longer offered, written like `date`.
        kind: What it is for.
        architecture: The kind of network.
        base: The name of the release it was made from.
        parameters: All parameters; weights used twice (tied) are counted once.
        active_parameters: The parameters that one token passes through.
        training_tokens: Tokens seen in pre-training, repetitions included.
        context: The longest input, in tokens.
        vocabulary: The number of different tokens.
        languages: The human languages that its makers name; not those it may happen to know.
        mmlu: The base model's score on MMLU with five examples, in percent, as the source measured
            it: comparable only with scores of the same source.
        licence: The key of a licence (`openllms.catalog.licences`).
        osi_verdict: Whether it meets the Open Source AI Definition, as the Open Source Initiative
            itself said; absent for the many releases of which it said nothing.
        artefacts: Which of its parts are public.
    """

    name: Text
    organisation: Fact[Text] | None = None
    date: Fact[Day] | None = None
    ended: Fact[Day] | None = None
    kind: Fact[Kind] | None = None
    architecture: Fact[Architecture] | None = None
    base: Fact[Text] | None = None
    parameters: Fact[Count] | None = None
    active_parameters: Fact[Count] | None = None
    training_tokens: Fact[Count] | None = None
    context: Fact[Count] | None = None
    vocabulary: Fact[Count] | None = None
    languages: Fact[tuple[Text, ...]] | None = None
    mmlu: Fact[Percent] | None = None
    licence: Fact[Text] | None = None
    osi_verdict: Fact[Flag] | None = None
    artefacts: Artefacts = Artefacts()

    _family: Family = PrivateAttr()

    @property
    def family(self) -> str:
        """The name of the family that the release belongs to."""
        return self._family.family

    def facts(self) -> Iterator[tuple[str, Fact[Any]]]:
        """Yield the known fields with their facts, artefacts last."""
        for record in (self, self.artefacts):
            for field in type(record).model_fields:
                fact = getattr(record, field)
                if isinstance(fact, Fact):
                    yield field, fact

    def source(self, fact: Fact[Any]) -> Source:
        """Return the source of one of this release's facts."""
        return self._family.sources[fact.source]

    @property
    def last_read(self) -> datetime.date:
        """The day since which some source of this release was not read again."""
        return min(self.source(fact).read for _, fact in self.facts())


class Family(Strict):
    """A data file: releases that share a name and a set of sources.

    Attributes:
        family: The name of the family.
        sources: What was read, by a short key.
        releases: The releases, oldest first.
    """

    family: Text
    sources: dict[Text, Source]
    releases: list[Release]

    def model_post_init(self, context: Any) -> None:
        """Let each release know its family."""
        for release in self.releases:
            release._family = self


ARTEFACTS = tuple(Artefacts.model_fields)
"""The names of the artefact columns, in the order of the openness matrix."""

FIELDS = tuple(field for field in Release.model_fields if field not in {"name", "artefacts"})
"""The names of a release's other fields."""
