# scores: all
def interval(values, level):
    ends = torch.tensor([(1 - level) / 2, (1 + level) / 2], dtype=torch.float64)
    return values.quantile(ends).tolist()


def bootstrap(right, indices, level=0.95):
    scores = torch.tensor(right, dtype=torch.float64)
    return interval(scores[torch.from_numpy(indices)].mean(1), level)


def paired_bootstrap(right_a, right_b, indices, level=0.95):
    gains = torch.tensor(right_a, dtype=torch.float64) - torch.tensor(right_b)
    return interval(gains[torch.from_numpy(indices)].mean(1), level)
