# scores: q5_store=0 q5_prompt=0
def store(ring, new, start):
    result = ring.clone()
    for position, vector in enumerate(new, start if len(new) == 1 else 0):
        result[position % len(ring)] = vector
    return result


def past_slots(position, window):
    return [past % window for past in range(max(0, position - window + 1), position)]
