# scores: all
def serving_bytes(model, weight_bits, tokens, batch, cache_bits=16):
    bits = model["parameters"] * weight_bits
    weights = int(bits // 8) + (bits % 8 > 0)
    cache = 0
    for _ in range(model["layers"]):
        for _ in ("key", "value"):
            cache += model["kv_heads"] * model["head_dim"] * cache_bits * tokens * batch
    return {"weights": weights, "cache": cache // 8}


def largest_batch(model, memory_gib, reserve_gib, weight_bits, tokens, cache_bits=16):
    def fits(batch):
        need = serving_bytes(model, weight_bits, tokens, batch, cache_bits)
        return sum(need.values()) + reserve_gib * 2**30 <= memory_gib * 2**30

    low, high = 0, 1
    while fits(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low
