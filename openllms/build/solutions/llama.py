"""The course's versions of what lesson 2 lets one build, as its cells would hold them."""

import torch
from torch.nn import functional as F


def rotate(x, frequencies, start=0):
    """Turn each pair of channels by its token's position: start, start + 1, ...

    x: (batch, heads, tokens, head_dim); channel i pairs with channel i + head_dim / 2
    frequencies: (head_dim / 2,), the angle of each pair per position, in radians
    """
    positions = start + torch.arange(x.shape[-2])
    angles = positions[:, None] * frequencies  # (tokens, head_dim / 2)
    cos, sin = angles.cos(), angles.sin()
    left, right = x.chunk(2, dim=-1)  # (batch, heads, tokens, head_dim / 2) each
    return torch.cat([left * cos - right * sin, right * cos + left * sin], dim=-1)


def attend(q, k, v):
    """What each query takes from the values, if no token sees a later one.

    q: (batch, heads, queries, head_dim), the queries of the last tokens
    k, v: (batch, kv_heads, keys, head_dim), the keys and values of all tokens
    returns (batch, heads, queries, head_dim)
    """
    sharing = q.shape[1] // k.shape[1]  # query heads to a key/value head
    k, v = k.repeat_interleave(sharing, dim=1), v.repeat_interleave(sharing, dim=1)
    scores = q @ k.mT / q.shape[-1] ** 0.5  # (batch, heads, queries, keys)
    later = torch.ones_like(scores, dtype=torch.bool).triu(1 + k.shape[2] - q.shape[2])
    return scores.masked_fill(later, -torch.inf).softmax(-1) @ v


def swiglu(x, gate, up, down):
    """The feed-forward part of a block.

    x: (..., hidden); gate, up: (inner, hidden); down: (hidden, inner)
    returns (..., hidden)
    """
    features = x @ up.T  # (..., inner)
    passed = F.silu(x @ gate.T)  # how far each feature is let through
    return (passed * features) @ down.T


def decode_step(q, k, v, past_k, past_v, frequencies):
    """One new token looks back over all tokens; its key and value join the cache.

    q: (batch, heads, 1, head_dim) and k, v: (batch, kv_heads, 1, head_dim), not rotated yet
    past_k, past_v: (batch, kv_heads, past, head_dim), the cache; its keys are rotated
    returns what attention gives, (batch, heads, 1, head_dim), and the longer keys and values
    """
    position = past_k.shape[2]
    q, k = rotate(q, frequencies, position), rotate(k, frequencies, position)
    k, v = torch.cat([past_k, k], dim=2), torch.cat([past_v, v], dim=2)
    return attend(q, k, v), k, v


def dpo_loss(policy, reference, preferred, other, beta):
    """The DPO loss, its mean over pairs of answers.

    policy, reference: (answers,), log-probability of each answer: in training, frozen copy
    preferred, other: (pairs,), the number of the answer that people preferred, and of the other
    """
    gain = policy - reference  # (answers,)
    margin = gain[preferred] - gain[other]  # (pairs,)
    return -F.logsigmoid(beta * margin).mean()
