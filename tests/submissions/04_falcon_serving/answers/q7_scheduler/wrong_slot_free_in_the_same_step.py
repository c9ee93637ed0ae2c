# scores: q7_times=0
def schedule(requests, budget, slots):
    plan = {}
    active = sum(request["active"] for request in requests)
    for request in sorted(requests, key=lambda request: bool(request["left"])):  # writers first
        tokens = min(request["left"] or 1, budget)
        if not tokens or not (request["active"] or active < slots):
            continue
        active += not request["active"]
        budget -= tokens
        plan[request["id"]] = tokens
    return plan


def simulate(requests, budget, slots):
    left = {one["id"]: one["prompt"] for one in requests}
    times = {one["id"]: [] for one in requests}
    to_write = {one["id"]: one["write"] for one in requests}
    step = 0
    while any(len(times[name]) < to_write[name] for name in times):
        rest, done = budget, set()
        while rest:
            here = [
                {
                    "id": one["id"],
                    "left": left[one["id"]],
                    "active": left[one["id"]] < one["prompt"],
                }
                for one in requests
                if one["arrives"] <= step
                and len(times[one["id"]]) < to_write[one["id"]]
                and one["id"] not in done
            ]
            places = slots - len([n for n in done if len(times[n]) < to_write[n]])
            plan = schedule(here, rest, places)
            if not plan:
                break
            for name, tokens in plan.items():
                done.add(name)
                rest -= tokens
                left[name] = max(0, left[name] - tokens)
                if not left[name]:
                    times[name].append(step)
        step += 1
    return {name: (steps[0], steps[-1]) for name, steps in times.items()}
