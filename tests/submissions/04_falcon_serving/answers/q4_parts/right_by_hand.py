# scores: all
def attend(scores, values):
    queries, keys = scores.shape
    if keys == 0:
        return torch.zeros(queries, values.shape[1]), torch.full((queries,), -math.inf)
    best = scores.max(1, keepdim=True).values
    best = torch.where(best == -math.inf, 0.0, best)
    odds = (scores - best).exp()
    total = odds.sum(1, keepdim=True)
    output = (odds @ values) / total.clamp(min=1e-30)
    return output, best[:, 0] + total[:, 0].log()


def merge(one, other):
    best = torch.maximum(one[1], other[1])
    best = torch.where(best == -math.inf, 0.0, best)
    first, second = (one[1] - best).exp(), (other[1] - best).exp()
    total = first + second
    output = first[:, None] * one[0] + second[:, None] * other[0]
    return output / total.clamp(min=1e-30)[:, None], best + total.log()
