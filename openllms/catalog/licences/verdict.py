"""May we use it? A verdict on one use under one licence, with a reason for every clause it meets.

This is for teaching; it is no legal advice. It knows the terms in the data files and nothing else:
not the law of a country, not the rights of third parties, not a contract signed beside the licence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from openllms.catalog.licences.loading import licence as find_licence
from openllms.catalog.licences.schema import Duty, Licence, Purpose, Silence, Term
from openllms.catalog.schema import Flag, Text
from openllms.datafiles import Strict

NOTE = "For teaching only: this is no legal advice."

Effect = Literal["allows", "duty", "unknown", "ask", "forbids"]
Answer = Literal["yes", "no", "ask", "unknown"]


class Use(Strict):
    """What one wants to do with a model. Unless told otherwise: try it out, alone, for no money.

    Attributes:
        commercial: For money or commercial advantage.
        research: For research.
        monthly_users: Monthly active users of all products of the user and its affiliates in the
            calendar month before the model's release; None if not known.
        field: A field of use that some licences restrict.
        redistribute: Give the weights, or a model made with them, to others.
        service: Offer others a "product" with the model inside, or an "api" to the model itself.
        fine_tune: Train the model further.
        train_other_model: Train a model that is not derived from this one on its outputs.
        in_eu: Established in the European Union.
        multimodal: The model takes more than text.
        sue: Sue somebody over the model.
    """

    commercial: Flag = False
    research: Flag = False
    monthly_users: Annotated[int, Field(strict=True, ge=0)] | None = 0
    field: Purpose | Literal["general"] = "general"
    redistribute: Flag = False
    service: Literal["none", "product", "api"] = "none"
    fine_tune: Flag = False
    train_other_model: Flag = False
    in_eu: Flag = False
    multimodal: Flag = False
    sue: Flag = False

    def triggers(self) -> set[str]:
        """Return which of a duty's triggers the use pulls."""
        tuned = self.redistribute and self.fine_tune
        trained = self.redistribute and self.train_other_model
        pulled = {
            "always": True,
            "weights": self.redistribute,
            "product": self.service == "product",
            "api": self.service == "api",
            "tuned model": tuned,
            "model trained on outputs": trained,
        }
        return {trigger for trigger, pull in pulled.items() if pull}


class Reason(Strict):
    """What one clause says about one fact of the use.

    Attributes:
        clause: The clause's name, as in the licence's data.
        effect: What follows for the use; a "duty" is a condition that can be met.
        fact: The fact of the use that met the clause.
        says: The clause in plain words.
        quote: Its decisive words, if they are short.
        title: The source.
        url: The source's address.
        at: The place in the source.
    """

    clause: Text
    effect: Effect
    fact: Text
    says: Text
    quote: Text | None = None
    title: Text | None = None
    url: Text | None = None
    at: Text | None = None


class Verdict(Strict):
    """The answer, and why.

    Attributes:
        licence: The licence's key.
        name: The licence's name.
        answer: "yes" (under the duties, if there are any), "no", "ask" the licensor first, or
            "unknown" if a clause that the use meets was not read.
        reasons: One for every clause that the use meets.
        note: That this is no legal advice.
    """

    licence: Text
    name: Text
    answer: Answer
    reasons: list[Reason]
    note: Text = NOTE

    @property
    def duties(self) -> list[Reason]:
        """The conditions to meet."""
        return [reason for reason in self.reasons if reason.effect == "duty"]

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.answer}"]
        for reason in self.reasons:
            where = f" [{reason.title}, {reason.at}]" if reason.title else ""
            line = f"- {reason.effect}: {reason.clause} ({reason.fact}). {reason.says}{where}"
            lines.append(line)
        return "\n".join([*lines, self.note])


def may_use(licence: Licence | str, use: Use) -> Verdict:
    """Judge a use under a licence, clause by clause. For teaching; it is no legal advice.

    Args:
        licence: A licence, or its key, name or alias (what the catalogue's `licence` holds).
        use: What one wants to do.

    Returns:
        "no" if any clause forbids the use, else "ask" if any needs the licensor's word, else
        "unknown" if any was not read, else "yes".

    Raises:
        KeyError: If no licence has that name; the message offers the nearest ones.
    """
    found = find_licence(licence) if isinstance(licence, str) else licence
    reasons = list(_access(found, use))
    # Without weights there is nothing that the other clauses could be about.
    if not any(reason.effect == "forbids" for reason in reasons):
        reasons += [reason for clause in _CLAUSES for reason in clause(found, use)]
    return Verdict(licence=found.key, name=found.name, answer=_answer(reasons), reasons=reasons)


def _answer(reasons: list[Reason]) -> Answer:
    effects = {reason.effect for reason in reasons}
    order: tuple[tuple[Effect, Answer], ...] = (
        ("forbids", "no"),
        ("ask", "ask"),
        ("unknown", "unknown"),
    )
    return next((answer for effect, answer in order if effect in effects), "yes")


def _access(licence: Licence, use: Use) -> Iterator[Reason]:
    effects: dict[str, Effect] = {"download": "allows", "request": "ask", "service": "forbids"}
    yield _by_value(licence, "access", "the weights are wanted", effects)


def _commercial_use(licence: Licence, use: Use) -> Iterator[Reason]:
    """A licence for research only forbids everything else, paid or not."""
    only_research: Effect = "allows" if use.research and not use.commercial else "forbids"
    effects: dict[str, Effect] = {
        "allowed": "allows",
        "forbidden": "forbids" if use.commercial else "allows",
        "research only": only_research,
    }
    fact = f"commercial = {use.commercial}, research = {use.research}"
    yield _by_value(licence, "commercial_use", fact, effects)


def _monthly_users(licence: Licence, use: Use) -> Iterator[Reason]:
    """The threshold binds whoever is larger, whatever the use; exactly at it nothing happens."""
    users, term = use.monthly_users, licence.terms.monthly_users
    if users == 0:
        return
    if term is None:
        yield _without_term(licence, "monthly_users", f"monthly_users = {_number(users)}")
    elif users is None:
        yield _reason(licence, "monthly_users", term, "unknown", "monthly_users = not known")
    elif users > term.value:
        fact = f"monthly_users = {_number(users)}, greater than {_number(term.value)}"
        yield _reason(licence, "monthly_users", term, "ask", fact)
    else:
        fact = f"monthly_users = {_number(users)}, not greater than {_number(term.value)}"
        yield _reason(licence, "monthly_users", term, "allows", fact)


def _field(licence: Licence, use: Use) -> Iterator[Reason]:
    if use.field == "general":
        return
    fact = f"field = {use.field}"
    restricted = licence.terms.restricted
    if restricted is None:
        yield _without_term(licence, "restricted", fact)
    elif use.field in restricted:
        term = restricted[use.field]
        effect: Effect = "forbids" if term.value == "forbidden" else "duty"
        yield _reason(licence, "restricted", term, effect, fact)


def _outputs(licence: Licence, use: Use) -> Iterator[Reason]:
    effects: dict[str, Effect] = {
        "free": "allows",
        "forbidden": "forbids",
        "named": "allows",
        "derivative": "duty",
    }
    if use.train_other_model:
        yield _by_value(licence, "outputs", "train_other_model = True", effects)


def _redistribution(licence: Licence, use: Use) -> Iterator[Reason]:
    effects: dict[str, Effect] = {"allowed": "allows", "forbidden": "forbids"}
    if use.redistribute:
        yield _by_value(licence, "redistribution", "redistribute = True", effects)


def _hosting(licence: Licence, use: Use) -> Iterator[Reason]:
    effects: dict[str, Effect] = {"allowed": "allows", "ask": "ask"}
    if use.service == "api":
        yield _by_value(licence, "hosting", "service = api", effects)


def _duties(licence: Licence, use: Use) -> Iterator[Reason]:
    terms = licence.terms
    named = [("naming", terms.naming), ("model_name", terms.model_name)]
    for clause, duty in [*named, *(("conditions", duty) for duty in terms.conditions)]:
        met = use.triggers().intersection(duty.when if duty else ())
        if duty and met:
            fact = "any use" if met == {"always"} else f"others get: {', '.join(sorted(met))}"
            yield _reason(licence, clause, duty, "duty", fact.replace("always, ", ""))


def _litigation(licence: Licence, use: Use) -> Iterator[Reason]:
    effects: dict[str, Effect] = {"all rights end": "forbids", "patent licence ends": "ask"}
    if use.sue:
        yield _by_value(licence, "litigation", "sue = True", effects)


def _eu_multimodal(licence: Licence, use: Use) -> Iterator[Reason]:
    effects: dict[str, Effect] = {"allowed": "allows", "forbidden": "forbids"}
    if use.in_eu and use.multimodal:
        yield _by_value(licence, "eu_multimodal", "in_eu = True, multimodal = True", effects)


_CLAUSES: tuple[Callable[[Licence, Use], Iterator[Reason]], ...] = (
    _commercial_use,
    _monthly_users,
    _field,
    _outputs,
    _redistribution,
    _hosting,
    _duties,
    _litigation,
    _eu_multimodal,
)


def _by_value(licence: Licence, clause: str, fact: str, effects: dict[str, Effect]) -> Reason:
    term = getattr(licence.terms, clause)
    if term is None:
        return _without_term(licence, clause, fact)
    return _reason(licence, clause, term, effects[term.value], fact)


def _without_term(licence: Licence, clause: str, fact: str) -> Reason:
    """A clause that the text is known not to have restricts nothing; any other is unknown."""
    silent = licence.silent
    if silent and clause in silent.clauses:
        return _reason(licence, clause, silent, "allows", fact)
    says = "This clause was not read, so nothing is said about it."
    return Reason(clause=clause, effect="unknown", fact=fact, says=says)


def _reason(
    licence: Licence, clause: str, term: Term[Any] | Duty | Silence, effect: Effect, fact: str
) -> Reason:
    source = licence.sources[term.source]
    return Reason(
        clause=clause,
        effect=effect,
        fact=fact,
        says=term.says,
        quote=getattr(term, "quote", None),
        title=source.title,
        url=source.url,
        at=term.at,
    )


def _number(count: int | None) -> str:
    return "not known" if count is None else f"{count:,}"
