# scores: all
def compare(right_a, right_b, tests=1):
    from scipy.stats import binomtest

    pairs = list(zip(right_a, right_b))
    only_a, only_b = pairs.count((1, 0)), pairs.count((0, 1))
    if only_a + only_b == 0:
        return {"only_a": 0, "only_b": 0, "p": 1.0}
    p = binomtest(only_a, only_a + only_b, 0.5).pvalue
    return {"only_a": only_a, "only_b": only_b, "p": float(min(1, p * tests))}
