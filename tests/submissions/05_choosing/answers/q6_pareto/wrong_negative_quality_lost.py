# scores: q6_front=0
def pareto(models):
    known = [m for m in models if m["quality"] is not None and m["price"] is not None]
    front, best, paid = [], -1, None
    for m in sorted(known, key=lambda m: (m["price"], -m["quality"])):
        if m["quality"] > best or (m["quality"] == best and m["price"] == paid):
            best, paid = m["quality"], m["price"]
            front.append(m["name"])
    return front
