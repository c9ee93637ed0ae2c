# scores: all
def split_heads(fused, heads, groups):
    each = heads // groups
    width = fused.shape[-1] // (heads + 2 * groups)
    front = fused.shape[:-1]
    parts = fused.reshape(*front, groups, each + 2, width)
    query = parts[..., :each, :].reshape(*front, heads, width)
    return query, parts[..., each, :], parts[..., each + 1, :]


def pool_groups(weight, heads, groups, new_groups):
    rows, hidden = weight.shape
    each = heads // groups
    parts = weight.reshape(groups, each + 2, -1, hidden)
    query = parts[:, :each].reshape(new_groups, heads // new_groups, -1, hidden)
    shared = parts[:, each:].float().reshape(new_groups, groups // new_groups, 2, -1, hidden)
    shared = shared.mean(1).to(weight.dtype)
    return torch.cat([query, shared], 1).reshape(-1, hidden)
