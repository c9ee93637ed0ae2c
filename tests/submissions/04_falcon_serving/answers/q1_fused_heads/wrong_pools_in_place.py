# scores: q1_kept=0
def split_heads(fused, heads, groups):
    each = heads // groups + 2
    parts = fused.unflatten(-1, (groups, each, -1))
    return parts[..., :-2, :].flatten(-3, -2), parts[..., -2, :], parts[..., -1, :]


def pool_groups(weight, heads, groups, new_groups):
    parts = weight.view(groups, heads // groups + 2, -1, weight.shape[1])
    join = groups // new_groups
    for first in range(0, groups, join):
        mean = parts[first : first + join, -2:].float().mean(0)
        parts[first, -2:] = mean.to(weight.dtype)
    query = parts[:, :-2].reshape(new_groups, heads // new_groups, *parts.shape[2:])
    return torch.cat([query, parts[::join, -2:]], 1).flatten(0, 2)
