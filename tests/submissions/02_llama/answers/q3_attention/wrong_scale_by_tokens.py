# scores: q3_weights=0 q3_cache=0
def attention(q, k, v, q_positions, k_positions):
    groups = len(q) // len(k)
    k, v = k.repeat_interleave(groups, 0), v.repeat_interleave(groups, 0)
    scores = q @ k.transpose(1, 2) / k.shape[1] ** 0.5
    later = k_positions > q_positions[:, None]
    return scores.masked_fill(later, -torch.inf).softmax(-1) @ v
