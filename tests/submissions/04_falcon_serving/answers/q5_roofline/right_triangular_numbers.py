# scores: all
def step_time(model, card, batch):
    p = model["parameters"]
    w = model["layers"] * model["heads"] * model["head_dim"]
    f = 0
    for b, n in batch:
        f += 2 * p * n + 4 * w * ((b + n) * (b + n + 1) // 2 - b * (b + 1) // 2)
    tc = f / card["flops"]
    tm = (model["weight_bytes"] + sum(b + n for b, n in batch) * model["cache_bytes"]) / card[
        "bandwidth"
    ]
    return dict(seconds=max(tc, tm), bound=("memory", "compute")[tc > tm])


def knee(model, card, before):
    w = model["layers"] * model["heads"] * model["head_dim"]
    per = (2 * model["parameters"] + 4 * w * (before + 1)) / card["flops"]
    rd = (before + 1) * model["cache_bytes"] / card["bandwidth"]
    if not per > rd:
        return None
    n = model["weight_bytes"] / card["bandwidth"] / (per - rd)
    return math.ceil(n)
