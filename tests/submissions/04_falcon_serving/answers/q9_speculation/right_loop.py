# scores: all
def speculate(acceptance, cost):
    tokens, all_kept = 1.0, 1.0
    for probability in acceptance:
        all_kept *= probability
        tokens += all_kept
    return {"tokens": tokens, "speedup": tokens / (1 + len(acceptance) * cost)}


def residual(p, q):
    more = torch.maximum(p - q, torch.zeros_like(p))
    total = more.sum(-1, keepdim=True)
    same = total == 0
    return torch.where(same, p, more / torch.where(same, 1.0, total))
