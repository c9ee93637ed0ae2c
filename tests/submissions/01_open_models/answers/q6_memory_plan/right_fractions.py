# scores: all
import math
from fractions import Fraction


def memory_plan(parameters, bits, card_gib, reserve=0.1, group_size=None):
    size = math.ceil(parameters * Fraction(bits) / 8)
    if group_size is not None:
        size += 2 * math.ceil(Fraction(parameters, group_size))
    free = Fraction(card_gib) * 2**30 * (1 - Fraction(reserve))
    return {"bytes": size, "gib": float(Fraction(size, 2**30)), "cards": math.ceil(size / free)}
