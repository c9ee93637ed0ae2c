# scores: all
def speculate(acceptance, cost):
    kept = [1.0]
    for a in acceptance:
        kept.append(kept[-1] * a)
    return {"tokens": sum(kept), "speedup": sum(kept) / (1 + sum(cost for _ in acceptance))}


def residual(p, q):
    more = torch.clamp(p - q, 0)
    norm = torch.nn.functional.normalize(more, p=1, dim=-1, eps=1e-30)
    return torch.where((p == q).all(-1, keepdim=True), p, norm)
