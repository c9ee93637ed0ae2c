# scores: all
def attend(scores, values):
    lse = scores.double().logsumexp(1)
    finite = torch.where(lse.isinf(), 0.0, lse)
    weights = (scores.double() - finite[:, None]).exp()
    return (weights @ values.double()).float(), lse.float()


def merge(one, other):
    lses = torch.stack([one[1], other[1]]).double()
    outputs = torch.stack([one[0], other[0]]).double()
    lse = lses.logsumexp(0)
    weights = (lses - torch.where(lse.isinf(), 0.0, lse)).exp()
    return (weights[..., None] * outputs).sum(0).float(), lse.float()
