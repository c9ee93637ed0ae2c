# scores: all
def window_mask(queries, keys, window):
    seen = torch.ones(keys, keys, dtype=torch.bool).tril()
    if window is not None:
        seen = seen.triu(1 - window)
    return seen[keys - queries :]


def receptive_field(windows, position):
    reach = sum(math.inf if window is None else window - 1 for window in windows)
    return int(min(reach, position)) + 1
