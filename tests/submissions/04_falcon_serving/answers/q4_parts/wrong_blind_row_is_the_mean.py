# scores: q4_nothing=0
def attend(scores, values):
    blind = (scores == -math.inf).all(1)
    weights = scores.masked_fill(blind[:, None], 0.0).softmax(1)
    return weights @ values, scores.logsumexp(1)


def merge(one, other):
    lse = torch.logaddexp(one[1], other[1])  # (queries)
    weights = [(part[1] - lse).exp().nan_to_num() for part in (one, other)]
    return weights[0][:, None] * one[0] + weights[1][:, None] * other[0], lse
