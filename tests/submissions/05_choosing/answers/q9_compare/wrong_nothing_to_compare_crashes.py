# scores: q9_counts=0 q9_p=0
def compare(right_a, right_b, tests=1):
    only_a, only_b = 0, 0
    for a, b in zip(right_a, right_b):
        if a == 1 and b == 0:
            only_a += 1
        elif a == 0 and b == 1:
            only_b += 1
    n = only_a + only_b
    share = only_a / n
    tail = sum(math.comb(n, k) * 0.5**n for k in range(min(only_a, only_b) + 1))
    return {"only_a": only_a, "only_b": only_b, "p": min(1.0, tests * 2 * tail)}
