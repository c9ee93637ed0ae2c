# scores: q6_ties=0
def pareto(models):
    known = [m for m in models]
    front = []
    for mine in known:
        dominated = False
        for other in known:
            as_good = other["quality"] >= mine["quality"] and other["price"] <= mine["price"]
            better = other["quality"] > mine["quality"] or other["price"] < mine["price"]
            if as_good and better:
                dominated = True
        if not dominated:
            front.append(mine)
    front.sort(key=lambda m: m["price"])
    return [m["name"] for m in front]
