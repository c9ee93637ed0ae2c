# scores: q5_store=0
def store(ring, new, start):
    result = torch.zeros_like(ring)
    for position, vector in enumerate(new, start):
        result[position % len(ring)] = vector
    return result


def past_slots(position, window):
    return [past % window for past in range(max(0, position - window + 1), position)]
