# scores: q7_times=0
def schedule(requests, budget, slots):
    plan, left = {}, budget
    for request in requests:
        if request["left"] == 0 and left > 0:
            plan[request["id"]] = 1
            left -= 1
    running = sum(request["active"] for request in requests)
    for request in requests:
        if request["left"] > 0 and left > 0 and (request["active"] or running < slots):
            running += not request["active"]
            plan[request["id"]] = min(left, request["left"])
            left -= plan[request["id"]]
    return plan


def simulate(requests, budget, slots):
    for request in requests:
        request["left"], request["active"] = request["prompt"], False
    waiting, times, step = list(requests), {}, 0
    while waiting:
        here = [request for request in waiting if request["arrives"] <= step]
        plan = schedule(here, budget, slots)
        for request in here:
            if request["id"] in plan:
                request["active"] = True
                request["left"] = max(0, request["left"] - plan[request["id"]])
                if request["left"] == 0:
                    request["write"] -= 1
                    first, _ = times.get(request["id"], (step, step))
                    times[request["id"]] = (first, step)
        waiting = [request for request in waiting if request["write"] > 0]
        step += 1
    return times
