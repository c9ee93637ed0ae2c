# scores: q8_interval=0 q8_level=0
def bootstrap(right, indices, level=0.95):
    shares = []
    for draw in indices:
        shares.append(sum(right[item] for item in draw) / len(draw))
    outside = (1 - level) / 2
    return [
        float(np.quantile(shares, outside, method="nearest")),
        float(np.quantile(shares, 1 - outside, method="nearest")),
    ]


def paired_bootstrap(right_a, right_b, indices, level=0.95):
    differences = []
    for draw in indices:
        a = sum(right_a[item] for item in draw) / len(draw)
        b = sum(right_b[item] for item in draw) / len(draw)
        differences.append(a - b)
    outside = (1 - level) / 2
    return [float(np.quantile(differences, q)) for q in (outside, 1 - outside)]
