# scores: all
def split_heads(fused, heads, groups):
    *front, rows = fused.shape
    parts = fused.reshape(-1, groups, heads // groups + 2, rows // (heads + 2 * groups))
    query, key, value = parts.split([heads // groups, 1, 1], dim=2)
    return tuple(one.reshape(*front, -1, parts.shape[-1]) for one in (query, key, value))


def pool_groups(weight, heads, groups, new_groups):
    together = groups // new_groups
    share = torch.eye(new_groups).repeat_interleave(together, 1) / together
    query, key, value = split_heads(weight.float().T, heads, groups)
    key = torch.einsum("ng,hgd->hnd", share, key)
    value = torch.einsum("ng,hgd->hnd", share, value)
    grouped = query.unflatten(1, (new_groups, heads // new_groups))
    rows = torch.cat([grouped, key[:, :, None], value[:, :, None]], dim=2)
    return rows.flatten(1).T.to(weight.dtype).clone()
