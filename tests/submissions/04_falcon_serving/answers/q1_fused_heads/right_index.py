# scores: all
def split_heads(fused, heads, groups):
    each = heads // groups
    table = fused.unflatten(-1, (heads + 2 * groups, -1))
    places = torch.arange(heads + 2 * groups).reshape(groups, each + 2)
    return (
        table[..., places[:, :each].flatten(), :],
        table[..., places[:, each], :],
        table[..., places[:, each + 1], :],
    )


def pool_groups(weight, heads, groups, new_groups):
    query, key, value = split_heads(weight.T, heads, groups)
    pieces = []
    for group in range(new_groups):
        mine = slice(group * heads // new_groups, (group + 1) * heads // new_groups)
        join = slice(group * groups // new_groups, (group + 1) * groups // new_groups)
        pieces.append(query[:, mine].flatten(1))
        pieces.append(key[:, join].double().mean(1).to(weight.dtype))
        pieces.append(value[:, join].double().mean(1).to(weight.dtype))
    return torch.cat(pieces, 1).T.clone()
