# scores: all
def step_time(model, card, batch):
    before, new = np.array(batch, dtype=float).T
    looks = (new * before + new * (new + 1) / 2).sum()
    flops = 2.0 * model["parameters"] * new.sum()
    flops += 4.0 * model["layers"] * model["heads"] * model["head_dim"] * looks
    moved = model["weight_bytes"] + model["cache_bytes"] * (before + new).sum()
    seconds = np.array([flops / card["flops"], moved / card["bandwidth"]])
    return {"seconds": float(seconds.max()), "bound": ["compute", "memory"][seconds.argmax()]}


def knee(model, card, before):
    zero = {**model, "weight_bytes": 0}
    if step_time(zero, card, [(before, 1)])["bound"] == "memory":
        return None
    tokens = before + 1
    flops = 2 * model["parameters"]
    flops += 4 * model["layers"] * model["heads"] * model["head_dim"] * tokens
    one = flops / card["flops"] - model["cache_bytes"] * tokens / card["bandwidth"]
    if one == 0:
        return None
    return int(np.floor(model["weight_bytes"] / card["bandwidth"] / one)) + 1
