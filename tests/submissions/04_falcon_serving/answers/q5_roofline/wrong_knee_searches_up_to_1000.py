# scores: q5_knee=0
def step_time(model, card, batch):
    per_seen = 4 * model["head_dim"] * model["heads"] * model["layers"]
    flops = moved = 0
    for before, new in batch:
        flops += 2 * model["parameters"] * new + per_seen * sum(range(before + 1, before + new + 1))
        moved += model["cache_bytes"] * (before + new)
    times = {
        "compute": flops / card["flops"],
        "memory": (moved + model["weight_bytes"]) / card["bandwidth"],
    }
    bound = max(times, key=times.get)
    return {"seconds": times[bound], "bound": bound}


def knee(model, card, before):
    def computes(n):
        return step_time(model, card, [(before, 1)] * n)["bound"] == "compute"

    return next((n for n in range(1, 1001) if computes(n)), None)
    flops = 2 * model["parameters"] + 4 * model["head_dim"] * model["heads"] * model["layers"] * (
        before + 1
    )
    if flops / card["flops"] <= model["cache_bytes"] * (before + 1) / card["bandwidth"]:
        return None
    x = (
        model["weight_bytes"]
        / card["bandwidth"]
        / (flops / card["flops"] - model["cache_bytes"] * (before + 1) / card["bandwidth"])
    )
    return int(x) + 1
