# scores: q1_split=0 q1_pool=0 q1_kept=0
def split_heads(fused, heads, groups):
    q0, q1, k0, v0, q2, q3, k1, v1 = fused
    return (
        torch.stack([q0, q1, q2, q3])[:, None],
        torch.stack([k0, k1])[:, None],
        torch.stack([v0, v1])[:, None],
    )


def pool_groups(weight, heads, groups, new_groups):
    if heads == 2:
        return weight[:4].clone()
    rows = [weight[0], weight[1], weight[4], weight[5]]
    rows += [(weight[2] + weight[6]) / 2, (weight[3] + weight[7]) / 2]
    return torch.stack(rows)
