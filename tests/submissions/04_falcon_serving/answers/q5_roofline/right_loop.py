# scores: all
def step_time(model, card, batch):
    flops = 0
    moved = model["weight_bytes"]
    for before, new in batch:
        for token in range(new):
            seen = before + token + 1
            flops += 2 * model["parameters"]
            flops += 4 * model["head_dim"] * model["heads"] * model["layers"] * seen
        moved += (before + new) * model["cache_bytes"]
    computing = flops / card["flops"]
    moving = moved / card["bandwidth"]
    if computing > moving:
        return {"seconds": computing, "bound": "compute"}
    return {"seconds": moving, "bound": "memory"}


def knee(model, card, before):
    def is_compute(number):
        flops = 2 * model["parameters"]
        flops += 4 * model["head_dim"] * model["heads"] * model["layers"] * (before + 1)
        moved = model["weight_bytes"] + number * (before + 1) * model["cache_bytes"]
        return number * flops / card["flops"] > moved / card["bandwidth"]

    if not is_compute(10**12):
        return None
    low, high = 0, 10**12
    while high - low > 1:
        middle = (low + high) // 2
        if is_compute(middle):
            high = middle
        else:
            low = middle
    return high
