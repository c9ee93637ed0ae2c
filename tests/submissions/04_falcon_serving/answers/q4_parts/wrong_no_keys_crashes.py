# scores: q4_nothing=0
def attend(scores, values):
    best = scores.amax(1, keepdim=True).clamp(min=-1e30)
    odds = (scores - best).exp()
    total = odds.sum(1)
    return (odds @ values / total[:, None]).nan_to_num(), best[:, 0] + total.log()


def merge(one, other):
    lse = torch.logaddexp(one[1], other[1])  # (queries)
    weights = [(part[1] - lse).exp().nan_to_num() for part in (one, other)]
    return weights[0][:, None] * one[0] + weights[1][:, None] * other[0], lse
