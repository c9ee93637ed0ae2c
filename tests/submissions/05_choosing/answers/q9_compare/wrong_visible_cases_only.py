# scores: q9_counts=0 q9_p=0
def compare(right_a, right_b):
    return {"only_a": 2, "only_b": 1, "p": 0.2863}
