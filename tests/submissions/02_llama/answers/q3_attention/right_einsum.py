# scores: all
def attention(q, k, v, q_positions, k_positions):
    groups = q.unflatten(0, (len(k), -1))  # (kv_heads, shared, queries, d)
    scores = torch.einsum("gsqd,gkd->gsqk", groups, k) / q.shape[-1] ** 0.5
    odds = scores.exp() * (k_positions <= q_positions[:, None])
    return torch.einsum("gsqk,gkd->gsqd", odds / odds.sum(-1, keepdim=True), v).flatten(0, 1)
