# scores: all
def store(ring, new, start):
    rows = list(ring)
    for vector in new:
        rows[start % len(rows)] = vector
        start += 1
    return torch.stack(rows)


def past_slots(position, window):
    slots = []
    for back in range(1, window):
        if position - back >= 0:
            slots.insert(0, (position - back) % window)
    return slots
