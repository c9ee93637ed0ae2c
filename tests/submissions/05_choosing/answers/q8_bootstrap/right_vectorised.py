# scores: all
def bootstrap(right, indices, level=0.95):
    shares = np.asarray(right, dtype=float)[indices].mean(1)
    low, high = np.percentile(shares, [50 - 50 * level, 50 + 50 * level])
    return [float(low), float(high)]


def paired_bootstrap(right_a, right_b, indices, level=0.95):
    both = np.array([right_a, right_b], dtype=float)[:, indices].mean(-1)  # (2, resamples)
    return np.quantile(both[0] - both[1], [(1 - level) / 2, (1 + level) / 2]).tolist()
