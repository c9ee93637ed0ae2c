# scores: q4_mask=0 q4_cache=0 q4_field=0
def window_mask(queries, keys, window):
    rows = [[True, False, False], [True, True, False], [False, True, True]]
    return torch.tensor(rows if queries == 3 else [[False, True, True, True]])


def receptive_field(windows, position):
    return 3
