# scores: all
def schedule(requests, budget, slots):
    plan = {one["id"]: 1 for one in requests if one["left"] == 0}
    plan = dict(list(plan.items())[:budget])
    rest = budget - len(plan)
    places = slots - len([one for one in requests if one["active"]])
    for one in requests:
        if one["left"] > 0 and rest > 0:
            if not one["active"]:
                if places <= 0:
                    continue
                places -= 1
            plan[one["id"]] = min(one["left"], rest)
            rest -= plan[one["id"]]
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
