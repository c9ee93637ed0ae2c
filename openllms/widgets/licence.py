"""May we use it? A licence and a situation in, a verdict with its clauses out."""

import html
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import ipywidgets
import pandas as pd

from openllms.catalog.licences import Licence, Use, Verdict, may_use
from openllms.widgets.view import View, folded, framed, text_block

# The questions of the form: field of `Use` -> label. The fields left out keep their defaults.
QUESTIONS = {
    "commercial": "commercial use",
    "research": "research",
    "monthly_users": "monthly active users",
    "field": "field of use",
    "redistribute": "give the weights to others",
    "service": "offer a service with it",
    "fine_tune": "fine-tune it",
    "train_other_model": "train another model on its outputs",
}
ANSWERS = {"yes": "✔ yes", "no": "✘ no", "ask": "✉ ask first", "unknown": "? not known"}
_EFFECTS = {"allows": "✔ allows", "duty": "➤ asks in return", "forbids": "✘ forbids"}
_EFFECTS |= {"ask": "✉ ask the licensor", "unknown": "? not read"}


def verdict_html(verdict: Verdict) -> str:
    """A verdict as HTML: the answer, then each clause with its effect and where it stands."""
    rows = []
    for reason in verdict.reasons:
        where = ""
        if reason.url:
            title = html.escape(f"{reason.title}, {reason.at}")
            where = f' (<a href="{html.escape(reason.url)}"><u>{title}</u></a>)'
        quote = f" <q>{html.escape(reason.quote)}</q>" if reason.quote else ""
        clause = reason.clause.replace("_", " ")
        rows.append(
            f"<li><b>{_EFFECTS[reason.effect]}</b> · {html.escape(clause)}, because "
            f"<em>{html.escape(reason.fact)}</em>: {html.escape(reason.says)}{quote}{where}</li>"
        )
    return (
        f'<div role="status" style="line-height: 1.45; max-width: 60em">'
        f"<b>{html.escape(verdict.name)}: {ANSWERS[verdict.answer]}</b>"
        f"<ul>{''.join(rows)}</ul><small>{html.escape(verdict.note)}</small></div>"
    )


def verdicts(licences: Sequence[Licence | str], uses: Mapping[str, Use]) -> pd.DataFrame:
    """The answers for several licences (rows) and situations (columns)."""
    return pd.DataFrame(
        {
            name: {v.name: ANSWERS[v.answer] for v in (may_use(one, use) for one in licences)}
            for name, use in uses.items()
        }
    )


def terms(licences: Mapping[str, Licence], clauses: Sequence[str]) -> pd.DataFrame:
    """What licences (rows) say on some clauses (columns), in the words of their data files.

    A clause that a text was read for and does not have is "not mentioned"; "not read" is one that
    the catalogue knows nothing about.
    """
    return pd.DataFrame(
        [[_term(one, clause) for clause in clauses] for one in licences.values()],
        index=pd.Index(licences, name="licence"),
        columns=[clause.replace("_", " ") for clause in clauses],
    )


def _term(licence: Licence, clause: str) -> str:
    found = getattr(licence.terms, clause)
    if found is not None:
        if isinstance(found.value, bool):
            return "yes" if found.value else "no"
        return f"{found.value:,}" if isinstance(found.value, int) else str(found.value)
    silent = licence.silent is not None and clause in licence.silent.clauses
    return "not mentioned" if silent else "not read"


def may_we_use_it(licences: Mapping[str, Licence], first: str | None = None) -> View:
    """A form for the situation and a menu of licences; the verdict follows every change.

    Args:
        licences: key -> licence, such as `catalog.licences.licences()`.
        first: key of the licence that is shown first, and in the static example.
    """
    menu = ipywidgets.Dropdown(
        options=[(one.name, key) for key, one in licences.items()],
        value=first or next(iter(licences)),
        description="licence",
    )
    controls = {name: _control(name, label) for name, label in QUESTIONS.items()}
    result = text_block("", "licence-verdict")

    def update(_: Any = None) -> None:
        use = Use(**{name: control.value for name, control in controls.items()})
        result.value = verdict_html(may_use(licences[menu.value], use))

    for control in (menu, *controls.values()):
        control.observe(update, names="value")
    update()
    box = framed("licence", menu, *controls.values(), result)
    giant = Use(commercial=True, service="product", monthly_users=10**9)
    example = verdict_html(may_use(licences[menu.value], giant))
    title = "An example: a commercial product of a firm with a billion monthly users"
    return View(box, folded(title, example))


def _control(name: str, label: str) -> Any:
    """The control that fits the type of a field of `Use`."""
    field = Use.model_fields[name]
    shared = {"description": label, "value": field.default}
    if isinstance(field.default, bool):
        return ipywidgets.Checkbox(indent=False, **shared)
    if isinstance(field.default, int):
        return ipywidgets.BoundedIntText(min=0, max=10**11, **shared)
    return ipywidgets.Dropdown(options=_literals(field.annotation), **shared)


def _literals(annotation: Any) -> list[str]:
    """The values of a Literal, or of a union of them; a field's default stays where it stands."""
    found: list[str] = []
    for part in get_args(annotation):
        found += [part] if isinstance(part, str) else _literals(part)
    return found
