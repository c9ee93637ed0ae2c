# scores: q9_expected=0
def speculate(acceptance, cost):
    alpha = math.prod(acceptance) ** (1 / max(1, len(acceptance)))
    tokens = (1 - alpha ** (len(acceptance) + 1)) / (1 - alpha)
    return {"tokens": float(tokens), "speedup": tokens / (1 + cost * len(acceptance))}


def residual(p, q):
    more = (p - q).clamp(min=0)
    total = more.sum(-1, keepdim=True)
    return torch.where(total.bool(), more / total, p)
