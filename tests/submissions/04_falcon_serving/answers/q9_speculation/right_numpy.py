# scores: all
def speculate(acceptance, cost):
    tokens = 1 + float(np.cumprod(np.array(acceptance, dtype=float)).sum())
    return {"tokens": tokens, "speedup": tokens / (1 + cost * len(acceptance))}


def residual(p, q):
    a, b = p.numpy().astype(np.float64), q.numpy().astype(np.float64)
    more = np.clip(a - b, 0, None)
    total = more.sum(-1, keepdims=True)
    result = np.divide(more, total, out=a.copy(), where=total > 0)
    return torch.from_numpy(result).float()
