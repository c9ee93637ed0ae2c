# scores: q5_store=0
def store(ring, new, start):
    for position, vector in enumerate(new, start):
        ring[position % len(ring)] = vector
    return ring


def past_slots(position, window):
    return [past % window for past in range(max(0, position - window + 1), position)]
