# scores: q5_prompt=0
def store(ring, new, start):
    result = ring.clone()
    result[[position % len(ring) for position in range(start, start + len(new))]] = new.flip(0)
    if len(new) <= len(ring):
        result = ring.clone()
        result[[position % len(ring) for position in range(start, start + len(new))]] = new
    return result


def past_slots(position, window):
    return [past % window for past in range(max(0, position - window + 1), position)]
