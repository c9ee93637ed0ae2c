# scores: all
def pareto(models):
    best = {}
    for m in models:
        if m["quality"] is None or m["price"] is None:
            continue
        best[m["price"]] = max(best.get(m["price"], -math.inf), m["quality"])
    front, top = [], -math.inf
    for price in sorted(best):
        if best[price] > top:
            top = best[price]
            front += [m["name"] for m in models if m["price"] == price and m["quality"] == top]
    return front
