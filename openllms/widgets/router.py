"""Tokens above the experts that saw them, with the weight of each expert."""

import html
from typing import TYPE_CHECKING

import ipywidgets

from openllms.routing import Routing, route
from openllms.widgets.view import View, folded, framed, inline, note, text_block

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

# Light tints that dark text reads on, in light and dark themes. Colour only helps the eye: the
# number says the same.
_TINTS = (
    "#A9D3F0", "#F6C28B", "#A8DDC9", "#F3E79B", "#E9C3DA", "#C4DD7E", "#F2AE9B", "#C9C4F0",
)  # fmt: skip
_LONGEST = 2000  # characters of a text that the live view takes
_KEY = (
    "Below each token stand the experts that compute it, each with its weight in percent. "
    "The list says how much of all the layer's work each expert gets."
)


def routing_html(routed: Routing, layer: int) -> str:
    """HTML of a text in which each token stands above the experts that one layer chose for it.

    Args:
        routed: What `openllms.routing.route` returned.
        layer: Which layer, from 0.

    Raises:
        ValueError: There is no such layer.
    """
    layers = len(routed.experts)
    if not 0 <= layer < layers:
        raise ValueError(f"there is no layer {layer}; layers are 0 to {layers - 1}")
    chosen, weights = routed.experts[layer].tolist(), routed.weights[layer].tolist()
    tokens = "".join(map(_token, routed.tokens, chosen, weights))
    shares = routed.usage()[layer].tolist()
    legend = "".join(
        f"<li>{_expert(expert, f'expert {expert}: {share:.0%}')}</li>"
        for expert, share in enumerate(shares)
    )
    return (
        f'<div class="openllms-routing"><b>Layer {layer}</b><ul>{legend}</ul>'
        f'<div class="tokens">{tokens}</div></div>'
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
    field = ipywidgets.Textarea(value=text, description="Text", rows=6, continuous_update=False)
    menu = ipywidgets.Dropdown(options=[(f"layer {n}", n) for n in layers], description="Layer")
    result = text_block(routing_html(routed, 0), "router-result")

    def update(_: object = None) -> None:
        try:
            routed = route(model, tokenizer, field.value[:_LONGEST])
            result.value = routing_html(routed, menu.value)
        except ValueError as error:
            result.value = note(inline(str(error)))

    field.observe(update, names="value")
    menu.observe(update, names="value")
    box = framed("router", text_block(_KEY), field, menu, result)
    first = "".join(routing_html(routed, layer) for layer in layers)
    return View(box, folded("The first text in every layer, as plain text", first))


def _token(text: str, experts: list[int], weights: list[float]) -> str:
    shown = html.escape(text).replace("\n", "&crarr;")
    chosen = "".join(
        _expert(expert, f"{expert} · {weight:.0%}")
        for expert, weight in zip(experts, weights, strict=True)
    )
    after = "<br>" if text.endswith("\n") else "<wbr>"
    return f'<span class="token"><b>{shown}</b>{chosen}</span>{after}'


def _expert(expert: int, said: str) -> str:
    tint = _TINTS[expert % len(_TINTS)]
    return f'<span class="expert" style="background: {tint}">{said}</span>'
