# scores: all
def split_heads(fused, heads, groups):
    d = fused.shape[-1] // (heads + 2 * groups)
    x = fused.reshape(*fused.shape[:-1], heads + 2 * groups, d)
    per = heads // groups
    qi = [i for i in range(heads + 2 * groups) if i % (per + 2) < per]
    return x[..., qi, :], x[..., per :: per + 2, :], x[..., per + 1 :: per + 2, :]


def pool_groups(weight, heads, groups, new_groups):
    total, per, n = heads + 2 * groups, heads // groups, groups // new_groups
    mix = torch.zeros(heads + 2 * new_groups, total)
    row = 0
    for g in range(new_groups):
        for old in range(g * n, (g + 1) * n):
            for i in range(per):
                mix[row, old * (per + 2) + i] = 1
                row += 1
        for part in (per, per + 1):
            for old in range(g * n, (g + 1) * n):
                mix[row, old * (per + 2) + part] = 1 / n
            row += 1
    blocks = weight.float().reshape(total, -1)
    return (mix @ blocks).reshape(-1, weight.shape[1]).to(weight.dtype)
