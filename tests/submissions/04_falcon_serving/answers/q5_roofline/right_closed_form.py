# scores: all
def step_time(model, card, batch):
    each = 4 * model["layers"] * model["heads"] * model["head_dim"]
    compute = memory = 0.0
    for before, new in batch:
        pairs = new * before + new * (new + 1) / 2
        compute += 2 * model["parameters"] * new + each * pairs
        memory += model["cache_bytes"] * (before + new)
    compute /= card["flops"]
    memory = (memory + model["weight_bytes"]) / card["bandwidth"]
    seconds, bound = max((compute, "compute"), (memory, "memory"))
    return {"seconds": seconds, "bound": bound}


def knee(model, card, before):
    seen = before + 1
    flops = (
        2 * model["parameters"] + 4 * model["layers"] * model["heads"] * model["head_dim"] * seen
    )
    gain = flops * card["bandwidth"] - model["cache_bytes"] * seen * card["flops"]
    if gain <= 0:
        return None
    return int(model["weight_bytes"] * card["flops"] // gain) + 1
