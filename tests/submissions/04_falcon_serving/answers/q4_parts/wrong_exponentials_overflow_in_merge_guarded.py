# scores: q4_merge=0
def attend(scores, values):
    weights = scores.softmax(1).nan_to_num()  # (queries, keys); a row of -inf sees nothing
    return weights @ values, scores.logsumexp(1)


def merge(one, other):
    first, second = one[1].exp(), other[1].exp()
    total = first + second
    output = first[:, None] * one[0] + second[:, None] * other[0]
    return (output / total[:, None]).nan_to_num(), total.log()
