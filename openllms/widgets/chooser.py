"""Which models are left? A need in, the filters' steps and what remains out."""

import html
from typing import Any

import ipywidgets

from openllms import catalog
from openllms.catalog.licences import Use
from openllms.choosing import TASKS, Choice, Need, choose
from openllms.widgets.view import View, folded, note, text_block

_SPACED = "<style>.chooser th, .chooser td {padding: 0 1em 0 0}</style>"
_STYLE = {"description_width": "16em"}
_LAYOUT = {"width": "44em", "max_width": "100%"}
_DTYPES = ("float32", "bfloat16", "int8", "int4")
_OPENNESS = ("weights", "data_information", "training_data", "intermediate_checkpoints")
_FIELDS = ("general", "medical advice", "law enforcement", "surveillance", "military")


def choice_html(choice: Choice) -> str:
    """A choice as HTML: how many each filter left, the explanation, and what is left."""
    steps = "".join(
        f'<tr><td style="text-align: left"><b>{html.escape(str(name))}</b></td>'
        f'<td style="text-align: left">{html.escape(step.asks)}</td>'
        f"<td>{step.left}</td><td>{step.not_known}</td></tr>"
        for name, step in choice.steps.iterrows()
    )
    head = "<tr><th>filter</th><th>asks</th><th>left</th><th>out because not known</th></tr>"
    said = note(html.escape(choice.explanation), right=None)
    return f"<table>{head}{steps}</table>{said}{_left(choice)}"


def chooser(need: Need | None = None) -> View:
    """Show a control for every filter; steps and result follow each change.

    Args:
        need: What is set at the start, and in the static version; by default whatever writes text.
    """
    start = need or Need()
    controls = _controls(start)
    result = text_block("")
    result.add_class("chooser-result")

    def update(_: Any = None) -> None:
        values = {name: control.value for name, control in controls.items()}
        result.value = _SPACED + choice_html(choose(_need(values, start.use)))

    for control in controls.values():
        control.observe(update, names="value")
    update()
    box = ipywidgets.VBox([*controls.values(), result])
    box.add_class("chooser")
    return View(box, folded("The start as plain text", choice_html(choose(start))))


def _controls(start: Need) -> dict[str, Any]:
    use = start.use or Use()
    named = catalog.table().languages.dropna().str.split(", ").explode()
    shared = {"style": _STYLE, "layout": ipywidgets.Layout(**_LAYOUT)}

    def menu(label: str, options: Any, value: Any) -> Any:
        return ipywidgets.Dropdown(description=label, options=options, value=value, **shared)

    names = sorted(map(str, named[named.duplicated()].unique()))
    languages = [("any", ""), *((name, name) for name in names)]
    openness = [("no demand", "")] + [(name.replace("_", " "), name) for name in _OPENNESS]
    return {
        "task": menu("task", list(TASKS), start.task or "write"),
        "commercial": ipywidgets.Checkbox(
            description="commercial use", value=use.commercial, indent=True, **shared
        ),
        "field": menu("field of use", _FIELDS, use.field),
        "memory_gigabytes": ipywidgets.FloatLogSlider(
            description="memory for weights, GB", value=start.memory_gigabytes or 1000,
            base=10, min=-1, max=3, step=0.05, readout_format=",.3s", continuous_update=False,
            **shared,
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
    sizes = choice.left.weights_gigabytes.map("{:.1f}".format, na_action="ignore").fillna("?")
    cells = choice.left[["licence", "architecture"]].assign(gigabytes=sizes)
    rows = "".join(
        f'<tr><td style="text-align: left"><b>{html.escape(str(name))}</b></td>'
        + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row)
        + "</tr>"
        for name, row in zip(cells.index, cells.to_numpy(), strict=True)
    )
    heads = ("release", "licence", "network", f"GB in {choice.need.dtype}")
    return f"<table><tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr>{rows}</table>"
