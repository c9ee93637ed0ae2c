# scores: all
def attention(q, k, v):
    seen = torch.ones(q.shape[1], k.shape[1], dtype=torch.bool).tril(k.shape[1] - q.shape[1])
    groups = len(q) // len(k)
    k, v = (part[:, None].expand(-1, groups, -1, -1).flatten(0, 1) for part in (k, v))
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
