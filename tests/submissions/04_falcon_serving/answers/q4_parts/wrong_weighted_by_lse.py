# scores: q4_merge=0 q4_nothing=0
def attend(scores, values):
    weights = scores.softmax(1).nan_to_num()  # (queries, keys); a row of -inf sees nothing
    return weights @ values, scores.logsumexp(1)


def merge(one, other):
    weights = torch.stack([one[1], other[1]])
    weights = weights / weights.sum(0)
    output = weights[0][:, None] * one[0] + weights[1][:, None] * other[0]
    return output, torch.logaddexp(one[1], other[1])
