# scores: q1_pool=0
def split_heads(fused, heads, groups):
    each = heads // groups + 2
    parts = fused.unflatten(-1, (groups, each, -1))
    return parts[..., :-2, :].flatten(-3, -2), parts[..., -2, :], parts[..., -1, :]


def pool_groups(weight, heads, groups, new_groups):
    parts = weight.unflatten(0, (groups, heads // groups + 2, -1))
    pooled = parts.float().unflatten(0, (new_groups, -1)).mean(1)
    query = pooled[:, :-2].repeat_interleave(groups // new_groups, 1)
    return torch.cat([query, pooled[:, -2:]], 1).flatten(0, 2).to(weight.dtype)
