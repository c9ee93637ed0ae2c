# scores: all
def speculate(acceptance, cost):
    from functools import reduce

    tokens = reduce(lambda later, a: 1 + a * later, reversed(acceptance), 1.0)
    return {"tokens": tokens, "speedup": tokens / (cost * len(acceptance) + 1)}


def residual(p, q):
    d = torch.nn.functional.relu(p - q)
    s = d.sum(dim=-1, keepdim=True)
    out = d / s
    out[(s == 0).expand_as(out)] = p[(s == 0).expand_as(out)]
    return out
