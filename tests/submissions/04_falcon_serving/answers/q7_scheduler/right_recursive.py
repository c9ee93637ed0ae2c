# scores: all
def schedule(requests, budget, slots):
    def share(queue, budget, active):
        if not queue or budget == 0:
            return {}
        one, *others = queue
        if not one["active"] and active >= slots:
            return share(others, budget, active)
        tokens = min(max(one["left"], 1), budget)
        rest = share(others, budget - tokens, active + (not one["active"]))
        return {one["id"]: tokens, **rest}

    writers = [one for one in requests if one["left"] == 0]
    prompts = [one for one in requests if one["left"] != 0]
    return share(writers + prompts, budget, sum(bool(one["active"]) for one in requests))


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
