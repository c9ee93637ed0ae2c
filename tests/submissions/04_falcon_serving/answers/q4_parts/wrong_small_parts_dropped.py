# scores: q4_merge=0
def attend(scores, values):
    weights = scores.softmax(1).nan_to_num()  # (queries, keys); a row of -inf sees nothing
    return weights @ values, scores.logsumexp(1)


def merge(one, other):
    lse = torch.logaddexp(one[1], other[1])  # (queries)
    weights = [((part[1] - lse).exp() * (part[1] - lse > -3)).nan_to_num() for part in (one, other)]
    return weights[0][:, None] * one[0] + weights[1][:, None] * other[0], lse
