# scores: q4_field=0
def window_mask(queries, keys, window):
    query = torch.arange(keys - queries, keys)[:, None]
    distance = query - torch.arange(keys)
    return (distance >= 0) & (window is None or distance < window)


def receptive_field(windows, position):
    if windows[0] is None:
        return position + 1
    return min(position, len(windows) * (windows[0] - 1)) + 1
