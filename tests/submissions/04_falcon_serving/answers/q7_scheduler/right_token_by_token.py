# scores: all
def schedule(requests, budget, slots):
    plan = {}
    active = {one["id"] for one in requests if one["active"]}
    for one in requests:
        if one["left"] == 0 and sum(plan.values()) < budget:
            plan[one["id"]] = 1
    for one in requests:
        name = one["id"]
        for _ in range(one["left"]):
            if sum(plan.values()) == budget or (name not in active and len(active) >= slots):
                break
            active.add(name)
            plan[name] = plan.get(name, 0) + 1
    return plan


def simulate(requests, budget, slots):
    states = {
        request["id"]: {"id": request["id"], "left": request["prompt"], "active": False}
        for request in requests
    }
    times = {name: [] for name in states}  # the steps in which its tokens were written
    unfinished = list(requests)
    steps = itertools.count()
    while unfinished:
        step = next(steps)
        present = [states[one["id"]] for one in unfinished if one["arrives"] <= step]
        for name, tokens in schedule(present, budget, slots).items():
            states[name]["active"] = True
            states[name]["left"] = max(0, states[name]["left"] - tokens)
            if not states[name]["left"]:
                times[name].append(step)
        unfinished = [one for one in unfinished if len(times[one["id"]]) < one["write"]]
    return {name: (written[0], written[-1]) for name, written in times.items()}
