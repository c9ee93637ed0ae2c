# scores: q1_split=0
def split_heads(fused, heads, groups):
    each = heads // groups + 2
    parts = fused.unflatten(-1, (groups, each, -1))
    query = parts[..., :-2, :].transpose(-3, -2).flatten(-3, -2)
    return query, parts[..., -2, :], parts[..., -1, :]


def pool_groups(weight, heads, groups, new_groups):
    each = heads // groups + 2
    parts = weight.unflatten(0, (groups, each, -1))
    query = parts[:, :-2].reshape(new_groups, heads // new_groups, *parts.shape[2:])
    shared = parts[:, -2:].float().unflatten(0, (new_groups, -1)).mean(1).to(weight.dtype)
    return torch.cat([query, shared], 1).flatten(0, 2)
