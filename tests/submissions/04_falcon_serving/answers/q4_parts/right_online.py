# scores: all
def attend(scores, values):
    part = torch.zeros(len(scores), values.shape[1]), torch.full((len(scores),), -math.inf)
    for key in range(scores.shape[1]):
        alone = values[key].expand(len(scores), -1), scores[:, key]
        part = merge(part, alone)
    return part


def merge(one, other):
    seen = [torch.isfinite(part[1]) for part in (one, other)]
    lse = torch.logsumexp(torch.stack([one[1], other[1]]), 0)
    output = torch.zeros_like(one[0])
    for part, known in zip((one, other), seen):
        weight = torch.zeros_like(lse)
        weight[known] = torch.exp(part[1][known] - lse[known])
        output = output + weight[:, None] * part[0]
    return output, lse
