# scores: all
def speculate(acceptance, cost):
    def tokens(rest):
        return 1 + rest[0] * tokens(rest[1:]) if rest else 1.0

    return {
        "tokens": tokens(acceptance),
        "speedup": tokens(acceptance) / (1 + cost * len(acceptance)),
    }


def residual(p, q):
    rows_p, rows_q = p.reshape(-1, p.shape[-1]), q.reshape(-1, q.shape[-1])
    result = []
    for row_p, row_q in zip(rows_p.tolist(), rows_q.tolist(), strict=True):
        more = [max(0.0, a - b) for a, b in zip(row_p, row_q, strict=True)]
        total = sum(more)
        result.append([one / total for one in more] if total else row_p)
    return torch.tensor(result).reshape(p.shape)
