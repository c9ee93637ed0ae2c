# scores: q4_merge=0
def attend(scores, values):
    weights = scores.softmax(1).nan_to_num()  # (queries, keys); a row of -inf sees nothing
    return weights @ values, scores.logsumexp(1)


def merge(one, other):
    return one[0] + other[0], torch.logaddexp(one[1], other[1])
