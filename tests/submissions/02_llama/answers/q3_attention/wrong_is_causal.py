# scores: q3_causal=0 q3_cache=0
def attention(q, k, v, q_positions, k_positions):
    groups = len(q) // len(k)
    k, v = k.repeat_interleave(groups, 0), v.repeat_interleave(groups, 0)
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)
