# scores: q4_cache=0
def window_mask(queries, keys, window):
    distance = torch.arange(queries)[:, None] - torch.arange(keys)
    return (distance >= 0) & (window is None or distance < window)


def receptive_field(windows, position):
    if None in windows:
        return position + 1
    return 1 + min(position, sum(window - 1 for window in windows))
