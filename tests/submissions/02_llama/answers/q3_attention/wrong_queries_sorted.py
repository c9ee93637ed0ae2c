# scores: q3_causal=0 q3_cache=0
def attention(q, k, v, q_positions, k_positions):
    order = q_positions.argsort()
    q, q_positions = q[:, order], q_positions[order]
    groups = len(q) // len(k)
    k, v = k.repeat_interleave(groups, 0), v.repeat_interleave(groups, 0)
    scores = q @ k.transpose(1, 2) / q.shape[-1] ** 0.5
    later = k_positions > q_positions[:, None]
    return scores.masked_fill(later, -torch.inf).softmax(-1) @ v
