"""The course's versions of what lesson 3 lets one build, as its cells would hold them."""

import torch
from torch.nn.functional import silu


def expert(x, up_gate, down):
    """What one expert says: the SwiGLU of lesson 2, its gate and up matrices in one."""
    gate, up = (x @ up_gate.T).chunk(2, dim=-1)
    return (silu(gate) * up) @ down.T


def choose(x, router, top_k=2):
    """Which experts work on each token, and with what weights.

    x: (tokens, hidden); router: (experts, hidden)
    returns weights (tokens, top_k) that add up to 1 for each token, and the numbers of the experts
    (tokens, top_k), both with the best expert first
    """
    scores = x @ router.T  # (tokens, experts)
    best, chosen = scores.topk(top_k)  # (tokens, top_k) each
    return best.softmax(dim=-1), chosen


def mixture_layer(x, router, up_gate, down):
    """A mixture of experts, token by token.

    x: (tokens, hidden); router: (experts, hidden)
    up_gate: (experts, 2 * inner, hidden); down: (experts, hidden, inner)
    returns (tokens, hidden)
    """
    weights, chosen = choose(x, router)
    output = torch.zeros_like(x)
    for token in range(len(x)):
        for weight, number in zip(weights[token], chosen[token], strict=True):
            output[token] += weight * expert(x[token], up_gate[number], down[number])
    return output


def grouped_layer(x, router, up_gate, down):
    """The same mixture, one expert at a time: gather its tokens, compute, add the results back.

    x: (tokens, hidden); router: (experts, hidden)
    up_gate: (experts, 2 * inner, hidden); down: (experts, hidden, inner)
    returns (tokens, hidden)
    """
    weights, chosen = choose(x, router)
    output = torch.zeros_like(x)
    for number in range(len(router)):
        token, place = (chosen == number).nonzero(as_tuple=True)  # who chose this expert
        said = expert(x[token], up_gate[number], down[number])  # (its tokens, hidden)
        output.index_add_(0, token, weights[token, place, None] * said)
    return output


def balance_loss(logits, top_k=2):
    """The balance loss of one layer: top_k if use is even, more if it is not.

    logits: (tokens, experts), the scores of the router
    """
    probabilities = logits.softmax(dim=-1)  # (tokens, experts)
    chosen = probabilities.topk(top_k).indices.flatten()
    share = chosen.bincount(minlength=logits.shape[-1]) / len(logits)  # (experts,), of the tokens
    return logits.shape[-1] * (share * probabilities.mean(dim=0)).sum()
