# scores: q3_weights=0 q3_cache=0 q3_batch=0
# What lesson 5 lets one build, with the names of the assignment.
def serving_bytes(model, weight_bits, tokens, batch, cache_bits=16):
    weights = model["parameters"] * weight_bits / 8
    heads = model["layers"] * model["kv_heads"]
    numbers = 2 * heads * model["head_dim"] * tokens
    return {"weights": weights, "cache": batch * numbers * 16 / 8}


def largest_batch(model, memory_gib, reserve_gib, weight_bits, tokens, cache_bits=16):
    raise NotImplementedError()
