# scores: all
def window_mask(queries, keys, window):
    """Each key is visible to itself and to the tokens that come in its window."""
    seen = torch.zeros(keys, keys, dtype=torch.bool)
    for key in range(keys):
        seen[key : None if window is None else key + window, key] = True
    return seen[-queries:]


def receptive_field(windows, position):
    reached = 1
    for window in windows:
        reached = position + 1 if window is None else reached + window - 1
    return min(reached, position + 1) if None not in windows else position + 1
