# scores: q9_p=0
# What lesson 5 lets one build, and the counts that it needs.
def p_value(only_first, only_second):
    coins, fewer = only_first + only_second, min(only_first, only_second)
    ways = sum(math.comb(coins, heads) for heads in range(fewer + 1))
    return min(1.0, 2 * ways / 2**coins)


def compare(right_a, right_b, tests=1):
    only_a = sum(a > b for a, b in zip(right_a, right_b))
    only_b = sum(b > a for a, b in zip(right_a, right_b))
    return {"only_a": only_a, "only_b": only_b, "p": p_value(only_a, only_b)}
