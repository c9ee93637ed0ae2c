# scores: q4_attend=0
def attend(scores, values):
    seen = scores > -math.inf
    soft = scores.masked_fill(~seen, -1e4)
    weights = soft.softmax(-1) * seen
    lse = soft.logsumexp(-1).masked_fill(~seen.any(-1), -math.inf)
    return weights @ values, lse


def merge(one, other):
    share = torch.sigmoid(one[1] - other[1]).nan_to_num(0.5)[:, None]
    return share * one[0] + (1 - share) * other[0], torch.logaddexp(one[1], other[1])
