# scores: q3_groups=0
def attention(q, k, v):
    k = k[:1].expand(len(q), -1, -1)
    v = v[:1].expand(len(q), -1, -1)
    scores = torch.einsum("hqd,hkd->hqk", q, k) / math.sqrt(q.shape[-1])
    new, tokens = scores.shape[1:]
    place = torch.arange(tokens - new, tokens)[:, None]
    hidden = torch.arange(tokens) > place
    scores = scores.masked_fill(hidden, float("-inf"))
    return torch.softmax(scores, dim=-1) @ v
