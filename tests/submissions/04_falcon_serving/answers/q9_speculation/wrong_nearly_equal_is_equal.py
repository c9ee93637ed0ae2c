# scores: q9_residual=0
def speculate(acceptance, cost):
    tokens = 1.0
    for a in reversed(acceptance):
        tokens = 1 + a * tokens
    return {"tokens": tokens, "speedup": tokens / (1 + cost * len(acceptance))}


def residual(p, q):
    more = torch.maximum(p - q, torch.zeros_like(p))
    total = more.sum(-1, keepdim=True)
    return torch.where(total > 1e-3, more / total, p)
