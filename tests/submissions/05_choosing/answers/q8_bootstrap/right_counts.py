# scores: all
def bootstrap(right, indices, level=0.95):
    # how often each item was drawn, times whether it is right
    drawn = np.stack([np.bincount(draw, minlength=len(right)) for draw in indices])
    shares = np.sort(drawn @ np.array(right) / indices.shape[1])

    def quantile(q):
        place = q * (len(shares) - 1)
        below = int(place)
        above = min(below + 1, len(shares) - 1)
        return float(shares[below] * (1 - place + below) + shares[above] * (place - below))

    return [quantile((1 - level) / 2), quantile(1 - (1 - level) / 2)]


def paired_bootstrap(right_a, right_b, indices, level=0.95):
    return bootstrap([a - b for a, b in zip(right_a, right_b)], indices, level)
