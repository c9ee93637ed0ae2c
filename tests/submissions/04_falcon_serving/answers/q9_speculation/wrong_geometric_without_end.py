# scores: q9_expected=0
def speculate(acceptance, cost):
    alpha = sum(acceptance) / max(1, len(acceptance))
    tokens = min(len(acceptance) + 1, 1 / max(1e-9, 1 - alpha))
    return {"tokens": float(tokens), "speedup": tokens / (1 + cost * len(acceptance))}


def residual(p, q):
    more = (p - q).clamp(min=0)
    total = more.sum(-1, keepdim=True)
    return torch.where(total.bool(), more / total, p)
