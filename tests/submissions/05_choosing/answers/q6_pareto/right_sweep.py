# scores: all
def pareto(models):
    known = [m for m in models if None not in (m["quality"], m["price"])]
    best, front = (-math.inf, None), []
    for m in sorted(known, key=lambda m: (m["price"], -m["quality"])):
        if m["quality"] > best[0] or (m["quality"], m["price"]) == best:
            best = (m["quality"], m["price"])
            front.append(m["name"])
    return front
