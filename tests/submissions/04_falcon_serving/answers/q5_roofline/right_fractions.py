# scores: all
def step_time(model, card, batch):
    from fractions import Fraction

    width = model["layers"] * model["heads"] * model["head_dim"]
    flops = sum(
        2 * model["parameters"] * new + 4 * width * sum(range(before + 1, before + new + 1))
        for before, new in batch
    )
    moved = model["weight_bytes"] + model["cache_bytes"] * sum(map(sum, batch))
    times = {
        "compute": Fraction(flops) / Fraction(card["flops"]),
        "memory": Fraction(moved) / Fraction(card["bandwidth"]),
    }
    bound = "compute" if times["compute"] > times["memory"] else "memory"
    return {"seconds": float(times[bound]), "bound": bound}


def knee(model, card, before):
    from fractions import Fraction

    width = model["layers"] * model["heads"] * model["head_dim"]
    flops = 2 * model["parameters"] + 4 * width * (before + 1)
    slope = Fraction(flops) / Fraction(card["flops"])
    slope -= Fraction(model["cache_bytes"] * (before + 1)) / Fraction(card["bandwidth"])
    if slope <= 0:
        return None
    start = Fraction(model["weight_bytes"]) / Fraction(card["bandwidth"])
    return math.floor(start / slope) + 1
