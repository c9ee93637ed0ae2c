"""Tokens coloured by the expert that saw them; the expert's number stands at every token."""

import html
from typing import TYPE_CHECKING

import ipywidgets

from openllms.routing import Routing, route
from openllms.widgets.view import View, inline, note, text_block

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

# Light tints that dark text reads on, in light and dark themes. Colour only helps the eye: the
# number says the same.
_TINTS = (
    "#A9D3F0", "#F6C28B", "#A8DDC9", "#F3E79B", "#E9C3DA", "#D5D5D5", "#F2AE9B", "#C9C4F0",
)  # fmt: skip
_LONGEST = 2000  # characters of a text that the live view takes


def routing_html(routed: Routing, layer: int) -> str:
    """HTML of a text in which each token shows the first expert that one layer chose for it.

    Args:
        routed: What `openllms.routing.route` returned.
        layer: Which layer, from 0.

    Raises:
        ValueError: There is no such layer.
    """
    layers = len(routed.experts)
    if not 0 <= layer < layers:
        raise ValueError(f"there is no layer {layer}; layers are 0 to {layers - 1}")
    chosen = routed.experts[layer, :, 0].tolist()
    tokens = "".join(map(_token, routed.tokens, chosen))
    return (
        f'<div class="routing" role="img" aria-label="{_spoken(routed, layer)}" '
        'style="background: #FCFCFA; color: #1F1F1F; padding: 6px 10px; border-radius: 6px; '
        f'margin: 4px 0; line-height: 2.1; font-family: monospace; max-width: 60em">'
        f"<b>Layer {layer}</b><br>{tokens}</div>"
    )


def router_view(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", text: str) -> View:
    """Show which expert each token of a text goes to; the learner may type another text.

    Args:
        model: A Mixtral-type model.
        tokenizer: Its tokenizer.
        text: What is shown at the start, and in the static version, in every layer.

    Raises:
        ValueError: The model has no routers, or the text is empty.
    """
    routed = route(model, tokenizer, text)
    layers = range(len(routed.experts))
    field = ipywidgets.Textarea(
        value=text,
        description="Text",
        layout=ipywidgets.Layout(width="44em", max_width="100%", height="6em"),
        continuous_update=False,
    )
    menu = ipywidgets.Dropdown(options=[(f"layer {n}", n) for n in layers], description="Layer")
    result = text_block(routing_html(routed, 0))
    result.add_class("router-result")

    def update(_: object = None) -> None:
        try:
            routed = route(model, tokenizer, field.value[:_LONGEST])
            result.value = routing_html(routed, menu.value)
        except ValueError as error:
            result.value = note(inline(str(error)), right=False)

    field.observe(update, names="value")
    menu.observe(update, names="value")
    box = ipywidgets.VBox([field, menu, result])
    box.add_class("router")
    return View(box, "".join(routing_html(routed, layer) for layer in layers))


def _token(text: str, expert: int) -> str:
    shown = html.escape(text).replace(" ", "&nbsp;").replace("\n", "&crarr;")
    after = "<br>" if text.endswith("\n") else "<wbr>"
    tint = _TINTS[expert % len(_TINTS)]
    return (
        f'<span style="background: {tint}; padding: 2px 1px; border-radius: 3px; '
        f'margin-right: 1px">{shown}<sub>{expert}</sub></span>{after}'
    )


def _spoken(routed: Routing, layer: int) -> str:
    """What a screen reader says: how many tokens went to each expert first."""
    counts = routed.experts[layer, :, 0].bincount(minlength=routed.num_experts).tolist()
    said = ", ".join(f"expert {expert}: {n} tokens" for expert, n in enumerate(counts) if n)
    return html.escape(f"Layer {layer}, first choice of the router. {said}.")
