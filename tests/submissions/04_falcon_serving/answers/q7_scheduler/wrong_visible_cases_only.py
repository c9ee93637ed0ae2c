# scores: q7_writing=0 q7_prompts=0 q7_times=0
def schedule(requests, budget, slots):
    if budget == 2:
        return {"a": 1, "c": 1}
    return {"a": 1, "b": 3}


def simulate(requests, budget, slots):
    return {"a": (0, 1)}
