# scores: q5_compute=0
def step_time(model, card, batch):
    new_tokens = len(batch) * max(new for _, new in batch)
    looks = sum(before + place for before, new in batch for place in range(1, new + 1))
    kept = sum(before + new for before, new in batch)
    attention = 4 * model["layers"] * model["heads"] * model["head_dim"] * looks
    times = {
        "compute": (2 * model["parameters"] * new_tokens + attention) / card["flops"],
        "memory": (model["weight_bytes"] + model["cache_bytes"] * kept) / card["bandwidth"],
    }
    bound = max(times, key=times.get)
    return {"seconds": times[bound], "bound": bound}


def knee(model, card, before):
    attention = 4 * model["layers"] * model["heads"] * model["head_dim"] * (before + 1)
    computing = (2 * model["parameters"] + attention) / card["flops"]  # of one sequence
    moving = model["cache_bytes"] * (before + 1) / card["bandwidth"]  # of its cache
    if computing <= moving:
        return None
    return math.floor(model["weight_bytes"] / card["bandwidth"] / (computing - moving)) + 1
