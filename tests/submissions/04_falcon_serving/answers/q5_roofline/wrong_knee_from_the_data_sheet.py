# scores: q5_knee=0
def step_time(model, card, batch):
    new_tokens = sum(new for _, new in batch)
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
    bytes_of_a_weight = model["weight_bytes"] / max(1, model["parameters"])
    return math.ceil(card["flops"] / card["bandwidth"] * bytes_of_a_weight / 2)
