# scores: q4_mask=0
def window_mask(queries, keys, window):
    query = torch.arange(keys - queries, keys)[:, None]
    distance = query - torch.arange(keys)
    return ((distance >= 0) & (window is None or distance < window)).float()


def receptive_field(windows, position):
    if None in windows:
        return position + 1
    return 1 + min(position, sum(window - 1 for window in windows))
