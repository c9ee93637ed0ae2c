# scores: all
def schedule(requests, budget, slots):
    from collections import deque

    writing = deque(one["id"] for one in requests if not one["left"])
    prompts = deque(one for one in requests if one["left"])
    free = slots - sum(one["active"] for one in requests)
    plan = {}
    while budget and (writing or prompts):
        if writing:
            plan[writing.popleft()] = 1
            budget -= 1
            continue
        one = prompts.popleft()
        if one["active"] or free > 0:
            free -= not one["active"]
            plan[one["id"]] = min(budget, one["left"])
            budget -= plan[one["id"]]
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
