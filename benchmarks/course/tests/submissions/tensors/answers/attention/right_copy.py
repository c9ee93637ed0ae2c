# scores: all
def attention(q, k, v):
    """Copies first."""
    q, k, v = q.clone(), k.clone(), v.clone()
    n = q.shape[-2]
    allowed = torch.ones(n, n).tril()
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    return torch.softmax(scores + torch.log(allowed), -1) @ v
