# scores: q1_split=0 q1_pool=0
def split_heads(fused, heads, groups):
    table = fused.unflatten(-1, (heads + 2 * groups, -1))
    query, key, value = table.split([heads, groups, groups], dim=-2)
    return query, key, value


def pool_groups(weight, heads, groups, new_groups):
    table = weight.unflatten(0, (heads + 2 * groups, -1))
    query, key, value = table.split([heads, groups, groups])
    key, value = (
        part.float().unflatten(0, (new_groups, -1)).mean(1).to(weight.dtype)
        for part in (key, value)
    )
    return torch.cat([query, key, value]).flatten(0, 1)
