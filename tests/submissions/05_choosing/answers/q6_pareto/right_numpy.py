# scores: all
def pareto(models):
    known = [m for m in models if m["quality"] is not None and m["price"] is not None]
    quality = np.array([m["quality"] for m in known], dtype=float)
    price = np.array([m["price"] for m in known], dtype=float)
    as_good = (quality[:, None] >= quality) & (price[:, None] <= price)  # row against column
    better = (quality[:, None] > quality) | (price[:, None] < price)
    dominated = (as_good & better).any(axis=0)
    order = np.argsort(price, kind="stable")
    return [known[number]["name"] for number in order if not dominated[number]]
