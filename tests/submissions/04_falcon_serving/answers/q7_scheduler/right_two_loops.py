# scores: all
def schedule(requests, budget, slots):
    plan = {}
    active = 0
    for request in requests:
        if request["active"]:
            active += 1
        if request["left"] == 0 and budget > 0:
            plan[request["id"]] = 1
            budget -= 1
    for request in requests:
        if request["left"] == 0 or budget == 0:
            continue
        if not request["active"]:
            if active >= slots:
                continue
            active += 1
        tokens = min(request["left"], budget)
        plan[request["id"]] = tokens
        budget -= tokens
    return plan


def simulate(requests, budget, slots):
    left, written, first, last = {}, {}, {}, {}
    step = 0
    while len(last) < len(requests):
        here = []
        for request in requests:
            name = request["id"]
            if request["arrives"] <= step and name not in last:
                here.append(
                    {
                        "id": name,
                        "left": left.get(name, request["prompt"]),
                        "active": name in left,
                    }
                )
        plan = schedule(here, budget, slots)
        for request in requests:
            name = request["id"]
            if name not in plan:
                continue
            if left.get(name, request["prompt"]) > 0:
                left[name] = left.get(name, request["prompt"]) - plan[name]
            if left[name] == 0:
                written[name] = written.get(name, 0) + 1
                first.setdefault(name, step)
                if written[name] == request["write"]:
                    last[name] = step
        step += 1
    return {name: (first[name], last[name]) for name in last}
