# scores: all
def compare(right_a, right_b, tests=1):
    only_a = sum(1 for a, b in zip(right_a, right_b) if a and not b)
    only_b = sum(1 for a, b in zip(right_a, right_b) if b and not a)
    n, gap = only_a + only_b, abs(only_a - only_b)
    ways = sum(math.comb(n, k) for k in range(n + 1) if abs(2 * k - n) >= gap)
    return {"only_a": only_a, "only_b": only_b, "p": min(1.0, tests * ways / 2**n)}
