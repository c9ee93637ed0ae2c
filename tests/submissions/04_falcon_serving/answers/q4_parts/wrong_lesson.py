# scores: q4_merge=0 q4_nothing=0
def online_update(maximum, total, output, scores, values):
    new = scores.amax(dim=1, keepdim=True).maximum(maximum)  # (queries, 1)
    shrink = (maximum - new).exp()  # what was counted from the old maximum
    weights = (scores - new).exp()  # (queries, tile)
    total = total * shrink + weights.sum(dim=1, keepdim=True)
    return new, total, output * shrink + weights @ values


def attend(scores, values):
    start = torch.full((len(scores), 1), -torch.inf)
    none = torch.zeros(len(scores), values.shape[1])
    maximum, total, output = online_update(start, 0 * none[:, :1], none, scores, values)
    return output / total, (maximum + total.log())[:, 0]


def merge(one, other):
    raise NotImplementedError()
