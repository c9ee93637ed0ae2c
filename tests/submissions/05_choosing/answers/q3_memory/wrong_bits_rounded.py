# scores: q3_weights=0
def serving_bytes(model, weight_bits, tokens, batch, cache_bits=16):
    weights = math.ceil(model["parameters"] * int(weight_bits) / 8)
    numbers = model["layers"] * model["kv_heads"] * model["head_dim"] * 2
    return {"weights": weights, "cache": numbers * tokens * batch * cache_bits // 8}


def largest_batch(model, memory_gib, reserve_gib, weight_bits, tokens, cache_bits=16):
    parts = serving_bytes(model, weight_bits, tokens, 1, cache_bits)
    free = memory_gib * 1024**3 - reserve_gib * 1024**3 - parts["weights"]
    return max(free // parts["cache"], 0)
