# scores: all
def split_heads(fused, heads, groups):
    d = fused.shape[-1] // (heads + 2 * groups)
    g = (
        fused.view(fused.shape[:-1] + (groups, -1, d))
        if fused.is_contiguous()
        else fused.reshape(fused.shape[:-1] + (groups, -1, d))
    )
    n = g.shape[-2]
    q = g.narrow(-2, 0, n - 2)
    k = g.select(-2, n - 2)
    v = g.select(-2, n - 1)
    return [q.reshape(fused.shape[:-1] + (heads, d)), k, v]


def pool_groups(weight, heads, groups, new_groups):
    hidden = weight.shape[1]
    q, k, v = split_heads(weight.t(), heads, groups)
    r = groups // new_groups
    out = torch.empty(new_groups, heads // new_groups + 2, q.shape[-1], hidden, dtype=weight.dtype)
    for g in range(new_groups):
        hs = heads // new_groups
        out[g, :hs] = q[:, g * hs : (g + 1) * hs].permute(1, 2, 0)
        out[g, hs] = k[:, g * r : (g + 1) * r].to(torch.float32).sum(1).div(r).t()
        out[g, hs + 1] = v[:, g * r : (g + 1) * r].to(torch.float32).sum(1).div(r).t()
    return out.view(-1, hidden)
