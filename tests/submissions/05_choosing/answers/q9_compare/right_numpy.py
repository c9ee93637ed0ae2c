# scores: all
def compare(right_a, right_b, tests=1):
    gain = np.array(right_a) - np.array(right_b)
    b, c = int((gain == 1).sum()), int((gain == -1).sum())
    row = [1]  # a row of Pascal's triangle
    for _ in range(b + c):
        row = [left + right for left, right in zip([0] + row, row + [0])]
    p = tests * 2 * sum(row[: min(b, c) + 1]) / sum(row)
    return {"only_a": b, "only_b": c, "p": p if p < 1 else 1.0}
