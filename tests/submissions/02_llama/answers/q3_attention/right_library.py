# scores: all
def attention(q, k, v, q_positions, k_positions):
    groups = len(q) // len(k)
    k, v = k.repeat_interleave(groups, 0), v.repeat_interleave(groups, 0)
    seen = q_positions[:, None] >= k_positions
    return F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
