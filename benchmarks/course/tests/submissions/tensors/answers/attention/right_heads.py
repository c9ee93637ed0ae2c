# scores: all
def attention(q, k, v):
    heads = []
    n = q.shape[-2]
    later = torch.ones(n, n, dtype=torch.bool).triu(1)
    for head in range(q.shape[0]):
        scores = q[head] @ k[head].T / math.sqrt(q.shape[-1])
        scores[later] = -torch.inf
        heads.append(torch.softmax(scores, -1) @ v[head])
    return torch.stack(heads)
