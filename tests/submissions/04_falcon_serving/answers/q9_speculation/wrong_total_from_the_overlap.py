# scores: q9_residual=0
def speculate(acceptance, cost):
    tokens = sum(math.prod(acceptance[:kept]) for kept in range(len(acceptance) + 1))
    return {"tokens": float(tokens), "speedup": tokens / (1 + cost * len(acceptance))}


def residual(p, q):
    more = (p - q).clamp(min=0)
    total = 1 - torch.minimum(p, q).sum(-1, keepdim=True)
    return torch.where(total.bool(), more / total, p)
