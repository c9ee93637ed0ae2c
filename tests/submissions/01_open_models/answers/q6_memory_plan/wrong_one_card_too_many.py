# scores: q6_cards=0
import math


def memory_plan(parameters, bits, card_gib, reserve=0.1, group_size=None):
    size = math.ceil(parameters * bits / 8)
    if group_size is not None:
        size += 2 * math.ceil(parameters / group_size)
    usable = card_gib * 2**30 * (1 - reserve)
    return {"bytes": size, "gib": size / 2**30, "cards": int(size // usable) + 1}
