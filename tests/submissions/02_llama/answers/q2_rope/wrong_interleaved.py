# scores: q2_pairs=0
def rope(x, positions, theta):
    d = x.shape[-1]
    frequencies = 1.0 / theta ** (torch.arange(0, d, 2) / d)
    angles = torch.outer(positions.float(), frequencies)
    angles = angles.repeat_interleave(2, dim=-1)
    turned = torch.stack([-x[..., 1::2], x[..., ::2]], dim=-1).flatten(-2)
    return x * angles.cos() + turned * angles.sin()
