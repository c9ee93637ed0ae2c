# scores: all
def store(ring, new, start):
    window = len(ring)
    result = ring.clone()
    for slot in range(window):
        mine = new[(slot - start) % window :: window]
        if len(mine):
            result[slot] = mine[-1]
    return result


def past_slots(position, window):
    seen = list(range(position))[max(0, position - window + 1) :]
    return [past - past // window * window for past in seen]
