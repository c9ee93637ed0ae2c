# scores: all
def window_mask(queries, keys, window):
    rows = []
    for query in range(keys - queries, keys):
        first = 0 if window is None else query - window + 1
        rows.append([first <= key <= query for key in range(keys)])
    return torch.tensor(rows)


def receptive_field(windows, position):
    first = position
    for window in windows:
        first = 0 if window is None else max(0, first - window + 1)
    return position - first + 1
