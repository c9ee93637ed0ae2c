# scores: all
def attention(q, k, v):
    heads, new, width = q.shape
    old = k.shape[1] - new
    result = torch.empty_like(q)
    for head in range(heads):
        group = head // (heads // k.shape[0])
        for token in range(new):
            keys, values = k[group, : old + token + 1], v[group, : old + token + 1]
            weights = (keys @ q[head, token] / width**0.5).softmax(0)
            result[head, token] = weights @ values
    return result
