# scores: all
def attend(scores, values):
    q, k = scores.shape
    d = values.shape[1]
    out = torch.zeros(q, d)
    lse = torch.full((q,), float("-inf"))
    for i in range(q):
        keep = torch.isfinite(scores[i])
        if keep.any():
            s = scores[i][keep]
            m = s.max()
            w = torch.exp(s - m)
            lse[i] = m + torch.log(w.sum())
            out[i] = (w / w.sum()) @ values[keep]
    return out, lse


def merge(one, other):
    m = torch.max(one[1], other[1])
    safe = torch.where(torch.isinf(m), torch.zeros_like(m), m)
    w1, w2 = torch.exp(one[1] - safe), torch.exp(other[1] - safe)
    s = w1 + w2
    out = torch.where(
        (s > 0)[:, None],
        (w1[:, None] * one[0] + w2[:, None] * other[0]) / s.clamp(min=1e-20)[:, None],
        torch.zeros(()),
    )
    return out, safe + torch.log(s)
