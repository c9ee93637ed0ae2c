"""The course's versions of what lesson 2 lets one build, as its cells would hold them."""

import torch


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
