"""Which models are left? A need in, the filters' steps and what remains out."""

import html
from typing import Any

import ipywidgets

from openllms import catalog
from openllms.catalog.licences import Use
from openllms.choosing import TASKS, Choice, Need, choose
from openllms.plots import table
from openllms.widgets.view import View, folded, framed, note, text_block

_DTYPES = ("float32", "bfloat16", "int8", "int4")
_OPENNESS = ("weights", "data_information", "training_data", "intermediate_checkpoints")
_FIELDS = ("general", "medical advice", "law enforcement", "surveillance", "military")


def choice_html(choice: Choice) -> str:
    """A choice as HTML: how many each filter left, the explanation, and what is left."""
    steps = choice.steps[["asks", "left", "not_known"]].rename_axis("filter")
    shown = table(
        steps.rename(columns={"not_known": "out because not known"}), "What each filter leaves"
    )
    return f"{shown.html}{note(html.escape(choice.explanation))}{_left(choice)}"


def chooser(need: Need | None = None) -> View:
    """Show a control for every filter; steps and result follow each change.

    Args:
        need: What is set at the start, and in the static version; by default whatever writes text.
    """
    start = need or Need()
    controls = _controls(start)
    result = text_block("", "chooser-result")

    def update(_: Any = None) -> None:
        values = {name: control.value for name, control in controls.items()}
        result.value = choice_html(choose(_need(values, start.use)))

    for control in controls.values():
        control.observe(update, names="value")
    update()
    box = framed("chooser", *controls.values(), result)
    return View(box, folded("The start as plain text", choice_html(choose(start))))


def _controls(start: Need) -> dict[str, Any]:
    use = start.use or Use()
    named = catalog.table().languages.dropna().str.split(", ").explode()

    def menu(label: str, options: Any, value: Any) -> Any:
        return ipywidgets.Dropdown(description=label, options=options, value=value)

    names = sorted(map(str, named[named.duplicated()].unique()))
    languages = [("any", ""), *((name, name) for name in names)]
    openness = [("no demand", "")] + [(name.replace("_", " "), name) for name in _OPENNESS]
    return {
        "task": menu("task", list(TASKS), start.task or "write"),
        "commercial": ipywidgets.Checkbox(
            description="commercial use", value=use.commercial, indent=False
        ),
        "field": menu("field of use", _FIELDS, use.field),
        "memory_gigabytes": ipywidgets.FloatLogSlider(
            description="memory for weights, GB", value=start.memory_gigabytes or 1000,
            base=10, min=-1, max=3, step=0.05, readout_format=",.3s", continuous_update=False,
        ),
        "dtype": menu("format of the weights", _DTYPES, start.dtype),
        "language": menu("language", languages, start.language or ""),
        "artefact": menu("must be public", openness, next(iter(start.artefacts), "")),
    }  # fmt: skip


def _need(values: dict[str, Any], use: Use | None) -> Need:
    changed = {"commercial": values["commercial"], "field": values["field"]}
    return Need(
        task=values["task"],
        use=(use or Use()).model_copy(update=changed),
        memory_gigabytes=values["memory_gigabytes"],
        dtype=values["dtype"],
        language=values["language"] or None,
        artefacts=(values["artefact"],) if values["artefact"] else (),
    )


def _left(choice: Choice) -> str:
    if choice.left.empty:
        return ""
    names = {"architecture": "network", "weights_gigabytes": f"GB in {choice.need.dtype}"}
    left = choice.left[["licence", *names]].rename(columns=names).rename_axis("release")
    return table(left, "The releases that are left", form="{:,.1f}").html
