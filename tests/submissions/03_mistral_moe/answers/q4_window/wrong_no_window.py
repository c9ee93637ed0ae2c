# scores: q4_mask=0
def window_mask(queries, keys, window):
    return torch.ones(keys, keys, dtype=torch.bool).tril()[keys - queries :]


def receptive_field(windows, position):
    if None in windows:
        return position + 1
    return 1 + min(position, sum(window - 1 for window in windows))
