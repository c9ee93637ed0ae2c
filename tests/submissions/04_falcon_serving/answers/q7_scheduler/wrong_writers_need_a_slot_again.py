# scores: q7_writing=0
def schedule(requests, budget, slots):
    plan = {}
    active = sum(request["active"] for request in requests)
    for request in sorted(requests, key=lambda request: bool(request["left"])):  # writers first
        tokens = min(request["left"] or 1, budget)
        if not tokens or not (request["active"] and request["left"] or active < slots):
            continue
        active += not request["active"]
        budget -= tokens
        plan[request["id"]] = tokens
    return plan


def simulate(requests, budget, slots):
    computed = {one["id"]: 0 for one in requests}  # of prompt and answer
    times = {one["id"]: [None, None] for one in requests}
    running = set()
    step = 0
    while any(last is None for _, last in times.values()):
        rest = budget
        ended = set()
        here = [o for o in requests if o["arrives"] <= step and times[o["id"]][1] is None]
        writing = [o for o in here if computed[o["id"]] >= o["prompt"]]
        for one in writing + [o for o in here if o not in writing]:
            name = one["id"]
            need = max(1, one["prompt"] - computed[name])
            if rest == 0 or (name not in running and len(running) >= slots):
                continue
            running.add(name)
            got = min(need, rest)
            rest -= got
            computed[name] += got
            if computed[name] >= one["prompt"]:
                if times[name][0] is None:
                    times[name][0] = step
                if computed[name] - one["prompt"] + 1 == one["write"]:
                    times[name][1] = step
                    ended.add(name)
        running -= ended
        step += 1
    return {name: tuple(pair) for name, pair in times.items()}
