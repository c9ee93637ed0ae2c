# scores: all
def schedule(requests, budget, slots):
    out = {}
    for r in filter(lambda r: r["left"] == 0, requests):
        if budget < 1:
            return out
        out[r["id"]] = 1
        budget -= 1
    held = len([r for r in requests if r["active"]])
    for r in requests:
        if r["left"] < 1:
            continue
        if budget < 1:
            break
        if r["active"] is False:
            if held == slots:
                continue
            held += 1
        out[r["id"]] = t = r["left"] if r["left"] <= budget else budget
        budget -= t
    return out


def simulate(requests, budget, slots):
    s = [dict(r, left=r["prompt"], active=False, times=[]) for r in requests]
    t = 0
    while True:
        todo = [r for r in s if len(r["times"]) < r["write"]]
        if not todo:
            break
        plan = schedule([r for r in todo if r["arrives"] <= t], budget, slots)
        for r in todo:
            if r["id"] in plan:
                r["active"] = True
                if r["left"]:
                    r["left"] -= plan[r["id"]]
                if r["left"] == 0:
                    r["times"].append(t)
        t += 1
    return {r["id"]: [r["times"][0], r["times"][-1]] for r in s}
