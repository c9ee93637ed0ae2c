# scores: q9_counts=0 q9_p=0
def compare(right_a, right_b, tests=1):
    return {"only_a": 2, "only_b": 1, "p": 0.2863 if tests == 1 else 0.8588}
