# scores: all
def attention(q, k, v):
    scores = torch.einsum("hid,hjd->hij", q, k) / q.shape[-1] ** 0.5
    n = q.shape[-2]
    later = torch.ones(n, n, dtype=torch.bool).triu(1)
    return torch.softmax(scores.masked_fill(later, -torch.inf), -1) @ v
