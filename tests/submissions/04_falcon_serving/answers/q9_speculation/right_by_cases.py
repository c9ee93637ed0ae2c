# scores: all
def speculate(acceptance, cost):
    tokens, reached = 0.0, 1.0
    for place, probability in enumerate(acceptance):
        tokens += reached * (1 - probability) * (place + 1)
        reached *= probability
    tokens += reached * (len(acceptance) + 1)
    round_time = 1.0 + cost * len(acceptance)
    return {"tokens": tokens, "speedup": tokens / round_time}


def residual(p, q):
    result = p.clone()
    more = (p - q).clamp(min=0)
    total = more.sum(-1)
    known = total > 0
    result[known] = more[known] / total[known][..., None]
    return result
