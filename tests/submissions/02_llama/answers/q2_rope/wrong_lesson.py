# scores: q2_positions=0
def rotate(x, frequencies, start=0):
    positions = start + torch.arange(x.shape[-2])
    angles = positions[:, None] * frequencies  # (tokens, head_dim / 2)
    cos, sin = angles.cos(), angles.sin()
    left, right = x.chunk(2, dim=-1)  # (batch, heads, tokens, head_dim / 2) each
    return torch.cat([left * cos - right * sin, right * cos + left * sin], dim=-1)


def rope(x, positions, theta):
    exponents = torch.arange(0, x.shape[-1], 2) / x.shape[-1]
    return rotate(x, 1 / theta**exponents, int(positions[0]))
