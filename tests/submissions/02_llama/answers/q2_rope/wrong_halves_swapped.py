# scores: q2_pairs=0
def rope(x, positions, theta):
    d = x.shape[-1]
    frequencies = 1.0 / theta ** (torch.arange(0, d, 2) / d)
    angles = torch.outer(positions.float(), frequencies)
    angles = torch.cat([angles, angles], dim=-1)
    turned = torch.cat([x[..., d // 2 :], -x[..., : d // 2]], dim=-1)
    return x * angles.cos() + turned * angles.sin()
