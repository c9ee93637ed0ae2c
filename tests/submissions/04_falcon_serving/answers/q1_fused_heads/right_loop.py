# scores: all
def split_heads(fused, heads, groups):
    width = fused.shape[-1] // (heads + 2 * groups)
    blocks = fused.split(width, dim=-1)
    query, key, value = [], [], []
    place = 0
    for _ in range(groups):
        for _ in range(heads // groups):
            query.append(blocks[place])
            place += 1
        key.append(blocks[place])
        value.append(blocks[place + 1])
        place += 2
    return tuple(torch.stack(part, dim=-2) for part in (query, key, value))


def pool_groups(weight, heads, groups, new_groups):
    width = weight.shape[0] // (heads + 2 * groups)
    size = heads // groups + 2
    all_groups = [weight[n * size * width : (n + 1) * size * width] for n in range(groups)]
    together = groups // new_groups
    result = []
    for n in range(new_groups):
        members = all_groups[n * together : (n + 1) * together]
        for member in members:
            result.append(member[: -2 * width])
        for rows in (slice(-2 * width, -width), slice(-width, None)):
            total = sum(member[rows].float() for member in members)
            result.append((total / together).to(weight.dtype))
    return torch.cat(result)
