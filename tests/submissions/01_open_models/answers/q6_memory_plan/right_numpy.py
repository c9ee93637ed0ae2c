# scores: all
import numpy as np


def memory_plan(parameters, bits, card_gib, reserve=0.1, group_size=None):
    whole, rest = divmod(parameters * bits, 8)
    scales = 0 if group_size is None else (parameters + group_size - 1) // group_size
    size = int(whole) + int(rest > 0) + 2 * scales
    gib = float(np.ldexp(size, -30))
    cards = int(np.ceil(gib / (card_gib * (1 - reserve))))
    return {"bytes": size, "gib": gib, "cards": cards}
