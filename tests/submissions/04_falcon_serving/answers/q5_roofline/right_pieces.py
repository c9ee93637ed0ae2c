# scores: all
def _compute(model, card, batch):
    total = 0
    for before, new in batch:
        for place in range(before, before + new):
            total += 2 * model["parameters"]
            total += (place + 1) * model["layers"] * model["heads"] * (2 + 2) * model["head_dim"]
    return total / card["flops"]


def _memory(model, card, batch):
    cache = sum((before + new) * model["cache_bytes"] for before, new in batch)
    return (model["weight_bytes"] + cache) / card["bandwidth"]


def step_time(model, card, batch):
    return max(
        (
            {"seconds": _compute(model, card, batch), "bound": "compute"},
            {"seconds": _memory(model, card, batch), "bound": "memory"},
        ),
        key=lambda one: one["seconds"],
    )


def knee(model, card, before):
    empty = {**model, "weight_bytes": 0}
    slope = _compute(model, card, [(before, 1)]) - _memory(empty, card, [(before, 1)])
    start = model["weight_bytes"] / card["bandwidth"]
    return math.floor(start / slope) + 1 if slope > 0 else None
