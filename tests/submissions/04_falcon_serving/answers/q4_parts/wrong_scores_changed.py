# scores: q4_attend=0
def attend(scores, values):
    lse = scores.logsumexp(-1)
    scores -= lse[:, None].nan_to_num(neginf=0.0)
    weights = scores.exp()
    return weights @ values, lse


def merge(one, other):
    share = torch.sigmoid(one[1] - other[1]).nan_to_num(0.5)[:, None]
    return share * one[0] + (1 - share) * other[0], torch.logaddexp(one[1], other[1])
