# scores: q4_mask=0 q4_cache=0
def window_mask(queries, keys, window):
    key = torch.arange(keys)[:, None]
    distance = torch.arange(keys - queries, keys) - key
    return (distance >= 0) & (window is None or distance < window)


def receptive_field(windows, position):
    if None in windows:
        return position + 1
    return 1 + min(position, sum(window - 1 for window in windows))
