# scores: q5_past=0
def store(ring, new, start):
    result = ring.clone()
    for position, vector in enumerate(new, start):
        result[position % len(ring)] = vector
    return result


def past_slots(position, window):
    return list(range(max(0, position - window + 1), position))
