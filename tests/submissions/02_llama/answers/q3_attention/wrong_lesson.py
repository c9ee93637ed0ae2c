# scores: q3_causal=0 q3_cache=0
def attend(q, k, v):
    sharing = q.shape[1] // k.shape[1]  # query heads to a key/value head
    k, v = k.repeat_interleave(sharing, dim=1), v.repeat_interleave(sharing, dim=1)
    scores = q @ k.mT / q.shape[-1] ** 0.5  # (batch, heads, queries, keys)
    later = torch.ones_like(scores, dtype=torch.bool).triu(1 + k.shape[2] - q.shape[2])
    return scores.masked_fill(later, -torch.inf).softmax(-1) @ v


def attention(q, k, v, q_positions, k_positions):
    return attend(q[None], k[None], v[None])[0]
