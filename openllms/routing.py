"""Which expert saw which token in a Mixtral-type model: assignments, use, entropy, domains.

    routed = routing.route(model, tokenizer, "2 + 2 = 4, of course.")
    routed.experts          # (layers, tokens, top_k): the chosen experts, best first
    routed.usage()          # (layers, experts): share of the slots that each expert got

The router is the one of the Mixtral paper (arXiv 2401.04088, section 2.1): the top k of the logits,
weighted by the softmax over these k.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


@dataclass(frozen=True, eq=False)
class Routing:
    """What the routers of all layers decided for one text.

    Attributes:
        tokens: The text of each token.
        experts: (layers, tokens, top_k) numbers of the chosen experts, best first.
        weights: (layers, tokens, top_k) their weights in the sum; each token's add up to 1.
        probabilities: (layers, tokens, experts) softmax over all experts.
    """

    tokens: list[str]
    experts: torch.Tensor
    weights: torch.Tensor
    probabilities: torch.Tensor

    @property
    def num_experts(self) -> int:
        """How many experts each layer has."""
        return self.probabilities.shape[-1]

    def usage(self) -> torch.Tensor:
        """Return the share of a layer's slots (tokens x top_k) that each expert got.

        Returns:
            (layers, experts); each row adds up to 1.
        """
        import torch

        slots = torch.nn.functional.one_hot(self.experts, self.num_experts).float()
        return slots.mean(dim=(1, 2))  # (layers, experts)

    def entropy(self) -> torch.Tensor:
        """Return the entropy of use by layer, in bits: log2(experts) if even, 0 if one has all."""
        return entropy(self.usage())

    def table(self, layer: int) -> pd.DataFrame:
        """Return one row a token: its text, the chosen experts and their weights."""
        import pandas as pd

        chosen, weights = self.experts[layer].tolist(), self.weights[layer].tolist()
        return pd.DataFrame({"token": self.tokens, "experts": chosen, "weights": weights})


def entropy(shares: torch.Tensor) -> torch.Tensor:
    """Return the entropy of the last dimension in bits; a share of 0 counts as 0.

    Args:
        shares: (..., experts) that add up to 1.
    """
    import torch

    return -torch.xlogy(shares, shares).sum(dim=-1) / torch.log(torch.tensor(2.0))


def route(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, text: str) -> Routing:
    """Run a text through a model and record what its routers chose.

    Args:
        model: A causal language model with routers, such as a `MixtralForCausalLM`.
        tokenizer: Its tokenizer.
        text: At least one token.

    Raises:
        ValueError: The model has no routers, or the text is empty.
    """
    import torch

    _routers(model)
    ids = tokenizer(text, return_tensors="pt").input_ids.long()  # (1, tokens)
    if not ids.numel():
        raise ValueError("the text is empty: give at least one token to route")
    with torch.no_grad():
        logits = model(ids, output_router_logits=True).router_logits
    probabilities = torch.stack([layer.float().softmax(dim=-1) for layer in logits])
    weights, experts = probabilities.topk(model.config.num_experts_per_tok, dim=-1)
    tokens = [str(tokenizer.decode([token])) for token in ids[0].tolist()]
    return Routing(tokens, experts, weights / weights.sum(dim=-1, keepdim=True), probabilities)


def by_domain(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: Mapping[str, str]
) -> pd.DataFrame:
    """Return the share of slots of each expert, by layer and domain.

    Args:
        model: As in `route`.
        tokenizer: Its tokenizer.
        texts: Domain -> text.

    Returns:
        Rows (layer, domain), one column an expert; each row adds up to 1.
    """
    import pandas as pd

    tables = {
        domain: pd.DataFrame(route(model, tokenizer, text).usage().numpy())
        for domain, text in texts.items()
    }
    whole = pd.concat(tables, names=["domain", "layer"]).swaplevel()
    order = [(layer, domain) for layer in range(model.config.num_hidden_layers) for domain in texts]
    return whole.loc[order].rename_axis(columns="expert")


@contextmanager
def knocked_out(model: PreTrainedModel, layer: int, expert: int) -> Iterator[None]:
    """Within the block, one expert of one layer is never chosen: its tokens go to the next best.

    Blocks may stand in each other, one for each expert that is to be off.

    Args:
        model: As in `route`.
        layer: Which layer, from 0.
        expert: Which expert, from 0.

    Raises:
        ValueError: There is no such layer or expert.
    """
    routers = _routers(model)
    if not 0 <= layer < len(routers):
        raise ValueError(f"there is no layer {layer}; layers are 0 to {len(routers) - 1}")
    if not 0 <= expert < routers[layer].num_experts:
        last = routers[layer].num_experts - 1
        raise ValueError(f"there is no expert {expert}; experts are 0 to {last}")

    router = routers[layer]
    whole, outer = router.forward, vars(router).get("forward")  # `outer`: of a block around this

    def forward(hidden_states: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        logits = whole(hidden_states)[0].clone()  # (tokens, experts)
        logits[:, expert] = float("-inf")
        weights, chosen = logits.float().softmax(dim=-1).topk(router.top_k, dim=-1)
        return logits, weights / weights.sum(dim=-1, keepdim=True), chosen

    router.forward = forward  # not a hook: what the model records must see it too
    try:
        yield
    finally:
        del router.forward
        if outer is not None:
            router.forward = outer


def _routers(model: PreTrainedModel) -> list[Any]:
    """The routers of a Mixtral-type model, layer by layer."""
    layers = getattr(getattr(model, "model", None), "layers", ())
    routers = [getattr(layer.mlp, "gate", None) for layer in layers if hasattr(layer, "mlp")]
    if not routers or not all(hasattr(router, "top_k") for router in routers):
        name = type(model).__name__
        raise ValueError(f"{name} has no routers: it is dense, or not of the Mixtral type")
    return [router for router in routers if router is not None]
