# scores: attention-values=0
def attention(q, k, v):
    n = q.shape[-2]
    later = torch.ones(n, n, dtype=torch.bool).triu(1)
    return torch.softmax((q @ k.mT).masked_fill(later, -torch.inf), -1) @ v
