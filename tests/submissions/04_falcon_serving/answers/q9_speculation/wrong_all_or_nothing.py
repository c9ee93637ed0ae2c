# scores: q9_expected=0
def speculate(acceptance, cost):
    tokens = 1 + len(acceptance) * math.prod(acceptance)
    return {"tokens": float(tokens), "speedup": tokens / (1 + cost * len(acceptance))}


def residual(p, q):
    more = (p - q).clamp(min=0)
    total = more.sum(-1, keepdim=True)
    return torch.where(total.bool(), more / total, p)
