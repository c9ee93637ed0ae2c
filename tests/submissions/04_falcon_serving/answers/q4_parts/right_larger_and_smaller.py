# scores: all
def attend(scores, values):
    big = scores.amax(1) if scores.shape[1] else torch.full((scores.shape[0],), -math.inf)
    base = torch.nan_to_num(big, neginf=0.0)
    p = torch.exp(scores - base[:, None])
    z = p.sum(1)
    return torch.nan_to_num(p @ values / z[:, None], nan=0.0), base + z.log()


def merge(one, other):
    (o1, l1), (o2, l2) = one, other
    hi, lo = torch.maximum(l1, l2), torch.minimum(l1, l2)
    diff = torch.nan_to_num(lo - hi, nan=-math.inf)
    lse = hi + torch.log1p(diff.exp())
    share = torch.where(l1 >= l2, 1.0, diff.exp()) / (1 + diff.exp())
    return o1 * share[:, None] + o2 * (1 - share)[:, None], lse
