# scores: all
def speculate(acceptance, cost):
    chain = torch.tensor([1.0, *acceptance], dtype=torch.float64).cumprod(0)
    tokens = chain.sum().item()
    return {"tokens": tokens, "speedup": tokens / (1 + (len(chain) - 1) * cost)}


def residual(p, q):
    more = p - torch.minimum(p, q)
    total = more.sum(dim=-1, keepdim=True)
    return (more / total).where(total > 0, p)
