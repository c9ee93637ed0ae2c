"""What a licence's data file may hold: its terms, each with the place where it was read."""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, Field

from openllms.catalog.schema import Count, Fact, Flag, Source, Text
from openllms.datafiles import Strict

T = TypeVar("T")

_QUOTE_WORDS = 25


def _check_length(quote: str) -> str:
    if len(quote.split()) >= _QUOTE_WORDS:
        raise ValueError(f"quote fewer than {_QUOTE_WORDS} words; `says` is for the meaning")
    return quote


class Term(Fact[T], Generic[T]):
    """One term of a licence: its value, where it stands, and what it means.

    Attributes:
        says: The meaning in plain words, for a learner.
        quote: The decisive words of the text, fewer than 25.
    """

    says: Text
    quote: Annotated[Text, AfterValidator(_check_length)] | None = None


Trigger = Literal[
    "always",
    "weights",
    "product",
    "api",
    "tuned model",
    "model trained on outputs",
]
"""What brings a duty about: any use, or giving one of these to others."""


class Duty(Term[Text]):
    """Something that the licence asks for in return; `value` names it.

    Attributes:
        when: What brings the duty about; any one of them does.
    """

    when: Annotated[list[Trigger], Field(min_length=1)]


Purpose = Literal[
    "military",
    "medical advice",
    "law enforcement",
    "automated decisions",
    "critical infrastructure",
    "surveillance",
]
"""Fields of use that some licences restrict."""

Clause = Literal[
    "monthly_users",
    "restricted",
    "outputs",
    "hosting",
    "naming",
    "model_name",
    "patents",
    "litigation",
    "eu_multimodal",
]
"""The clauses that a licence may leave out altogether."""


class Silence(Strict):
    """The clauses that a text, read from end to end, does not have: it leaves them free.

    Attributes:
        clauses: The names of the clauses.
        source: A key of the licence's `sources`.
        at: What was read.
        says: What the silence means in plain words.
    """

    clauses: list[Clause]
    source: Text
    at: Text
    says: Text


class Terms(Strict):
    """The terms that matter. One that is absent and not under `silent` is not known.

    Attributes:
        access: How one gets the weights; with a "service" nobody does.
        commercial_use: "research only" forbids private use for other ends too.
        monthly_users: The largest number of monthly active users that needs no further licence.
        restricted: Fields of use that are forbidden, or allowed under a condition only.
        outputs: May the outputs improve another model? "derivative": that model counts as one
            made from this and takes over the licence's terms; "named": it is named after this.
        redistribution: May the weights be given to others?
        hosting: May others be offered the model itself as an interface (inference, tuning)?
        naming: Words to show to users.
        model_name: How the name of a model made with it begins.
        conditions: The other duties.
        patents: Whether the right to use covers the licensor's patents: "express" grant, part of a
            "general" grant of intellectual property, or "excluded".
        litigation: What ends when the user sues over the model.
        eu_multimodal: May someone established in the European Union use multimodal models?
        osi_approved: Does the Open Source Initiative call it an open source licence?
    """

    access: Term[Literal["download", "request", "service"]] | None = None
    commercial_use: Term[Literal["allowed", "forbidden", "research only"]] | None = None
    monthly_users: Term[Count] | None = None
    restricted: dict[Purpose, Term[Literal["forbidden", "condition"]]] | None = None
    outputs: Term[Literal["free", "forbidden", "named", "derivative"]] | None = None
    redistribution: Term[Literal["allowed", "forbidden"]] | None = None
    hosting: Term[Literal["allowed", "ask"]] | None = None
    naming: Duty | None = None
    model_name: Duty | None = None
    conditions: tuple[Duty, ...] = ()
    patents: Term[Literal["express", "general", "excluded"]] | None = None
    litigation: Term[Literal["all rights end", "patent licence ends"]] | None = None
    eu_multimodal: Term[Literal["allowed", "forbidden"]] | None = None
    osi_approved: Term[Flag] | None = None


class Licence(Strict):
    """A licence as data. For teaching; it is no legal advice.

    Attributes:
        key: The key that the catalogue uses.
        name: The full name.
        aliases: Other names by which it is looked up, for instance its tag on the model hub.
        sources: What was read, by a short key.
        terms: The terms that matter.
        silent: Clauses that the text does not have.
    """

    key: Text
    name: Text
    aliases: tuple[Text, ...] = ()
    sources: dict[Text, Source]
    terms: Terms
    silent: Silence | None = None

    def entries(self) -> list[tuple[str, Term[Any] | Silence]]:
        """Return every term with its place in the file, such as `terms.conditions[0]`."""
        found: list[tuple[str, Any]] = []
        for field in Terms.model_fields:
            value = getattr(self.terms, field)
            if isinstance(value, dict):
                found += [(f"terms.{field}.{key}", term) for key, term in value.items()]
            elif isinstance(value, tuple):
                found += [(f"terms.{field}[{index}]", term) for index, term in enumerate(value)]
            elif value is not None:
                found.append((f"terms.{field}", value))
        if self.silent:
            found.append(("silent", self.silent))
        return found
