# scores: q8_paired=0
def bootstrap(right, indices, level=0.95):
    shares = []
    for draw in indices:
        shares.append(sum(right[item] for item in draw) / len(draw))
    outside = (1 - level) / 2
    return [float(np.quantile(shares, outside)), float(np.quantile(shares, 1 - outside))]


def paired_bootstrap(right_a, right_b, indices, level=0.95):
    low_a, high_a = bootstrap(right_a, indices, level)
    low_b, high_b = bootstrap(right_b, indices, level)
    return [low_a - high_b, high_a - low_b]
