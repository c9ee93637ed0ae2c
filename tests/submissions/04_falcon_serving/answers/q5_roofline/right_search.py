# scores: all
def step_time(model, card, batch):
    attention = 4 * model["layers"] * model["heads"] * model["head_dim"]
    flops, kept = 0, 0
    for before, new in batch:
        kept += before + new
        flops += new * 2 * model["parameters"]
        flops += attention * (sum(range(before + new + 1)) - sum(range(before + 1)))
    compute = flops / card["flops"]
    memory = model["weight_bytes"] / card["bandwidth"]
    memory += kept * model["cache_bytes"] / card["bandwidth"]
    return {
        "seconds": max(compute, memory),
        "bound": "memory" if memory > compute else "compute",
    }


def knee(model, card, before):
    def is_compute(number):
        # one long list would take long: the sequences are alike, so one stands for all
        alike = {key: number * model[key] for key in ("parameters", "cache_bytes", "layers")}
        return step_time({**model, **alike}, card, [(before, 1)])["bound"] == "compute"

    number = 1
    while not is_compute(number):
        number *= 2
        if number > 10**9:
            return None
    first = number // 2
    while not is_compute(first + 1):
        step = 1
        while not is_compute(first + 2 * step):
            step *= 2
        first += step
    return first + 1
