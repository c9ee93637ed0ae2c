# scores: q8_interval=0 q8_level=0
def bootstrap(right, indices, level=0.95):
    from statistics import NormalDist

    share = sum(right) / len(right)
    error = math.sqrt(share * (1 - share) / len(right))
    reach = NormalDist().inv_cdf(min(1 - (1 - level) / 2, 1 - 1e-9)) * error
    return [float(share - reach), float(share + reach)]


def paired_bootstrap(right_a, right_b, indices, level=0.95):
    differences = []
    for draw in indices:
        a = sum(right_a[item] for item in draw) / len(draw)
        b = sum(right_b[item] for item in draw) / len(draw)
        differences.append(a - b)
    outside = (1 - level) / 2
    return [float(np.quantile(differences, q)) for q in (outside, 1 - outside)]
