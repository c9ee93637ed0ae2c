# scores: q3_causal=0 q3_cache=1
def attention(q, k, v):
    groups = q.shape[0] // k.shape[0]
    k = k.repeat_interleave(groups, 0)
    v = v.repeat_interleave(groups, 0)
    scores = torch.einsum("hqd,hkd->hqk", q, k) / math.sqrt(q.shape[-1])
    new, tokens = scores.shape[1:]
    place = torch.arange(tokens - new, tokens)[:, None]
    hidden = torch.arange(tokens) > place
    return torch.softmax(scores, dim=-1) @ v
