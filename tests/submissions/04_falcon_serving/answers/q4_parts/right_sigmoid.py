# scores: all
def attend(scores, values):
    blind = (scores == -math.inf).all(1)
    lse = scores.logsumexp(1)
    weights = scores.masked_fill(blind[:, None], 0.0).softmax(1)
    return (weights @ values).masked_fill(blind[:, None], 0.0), lse


def merge(one, other):
    share = torch.sigmoid(one[1] - other[1])  # of the first part
    share = torch.where(one[1] == -math.inf, 0.0, share)[:, None]
    output = share * one[0] + (1 - share) * other[0]
    return output, torch.logaddexp(one[1], other[1])
