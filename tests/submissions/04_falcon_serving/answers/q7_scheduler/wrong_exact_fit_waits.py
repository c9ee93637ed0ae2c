# scores: q7_prompts=0
def schedule(requests, budget, slots):
    plan = {}
    active = sum(request["active"] for request in requests)
    for request in sorted(requests, key=lambda request: bool(request["left"])):  # writers first
        tokens = min(request["left"] or 1, budget)
        if tokens == request["left"] == budget > 1:
            tokens -= 1
        if not tokens or not (request["active"] or active < slots):
            continue
        active += not request["active"]
        budget -= tokens
        plan[request["id"]] = tokens
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
