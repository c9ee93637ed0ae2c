# scores: all
def speculate(acceptance, cost):
    import itertools
    import operator

    kept = itertools.accumulate(acceptance, operator.mul, initial=1.0)
    tokens = math.fsum(kept)
    return {"tokens": tokens, "speedup": tokens / math.fsum([1, *[cost] * len(acceptance)])}


def residual(p, q):
    more = torch.relu(p - q)
    scaled = more / more.sum(-1, keepdim=True)
    return torch.where(scaled.isnan(), p, scaled)
