# scores: q6_front=0 q6_ties=0
def pareto(models):
    known = [m for m in models if m["quality"] is not None and m["price"] is not None]
    known.sort(key=lambda m: m["quality"] / m["price"], reverse=True)
    return [m["name"] for m in known[:2]]
