# scores: all
from fractions import Fraction


def serving_bytes(model, weight_bits, tokens, batch, cache_bits=16):
    weights = Fraction(weight_bits) * model["parameters"] / 8
    per_token = Fraction(cache_bits, 8) * math.prod(
        [2, model["layers"], model["kv_heads"], model["head_dim"]]
    )
    return {"weights": math.ceil(weights), "cache": int(per_token * tokens * batch)}


def largest_batch(model, memory_gib, reserve_gib, weight_bits, tokens, cache_bits=16):
    one = serving_bytes(model, weight_bits, tokens, 1, cache_bits)
    two = serving_bytes(model, weight_bits, tokens, 2, cache_bits)
    each = two["cache"] - one["cache"]
    free = ((memory_gib - reserve_gib) << 30) - one["weights"]
    return free // each if free >= each else 0
