# scores: q1_pool=0
def split_heads(fused, heads, groups):
    each = heads // groups + 2  # heads of a group: its queries, one key, one value
    parts = fused.unflatten(-1, (groups, each, -1))  # (..., groups, each, head_dim)
    return parts[..., :-2, :].flatten(-3, -2), parts[..., -2, :], parts[..., -1, :]


def pool_groups(weight, heads, groups, new_groups):
    query, key, value = split_heads(weight.T, heads, groups)  # (hidden, heads, head_dim)
    means = [
        part.float()
        .unflatten(1, (new_groups, -1))[:, :, -2:]
        .mean(2, keepdim=True)
        .to(weight.dtype)
        for part in (key, value)
    ]  # (hidden, new_groups, 1, head_dim)
    pooled = torch.cat([query.unflatten(1, (new_groups, -1)), *means], dim=2)
    return pooled.flatten(1).T.contiguous()
