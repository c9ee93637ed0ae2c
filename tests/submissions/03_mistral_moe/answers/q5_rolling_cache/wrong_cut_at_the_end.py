# scores: q5_store=0 q5_prompt=0
def store(ring, new, start):
    result = ring.clone()
    first = start % len(ring)
    result[first : first + len(new)] = new[: len(ring) - first]
    return result


def past_slots(position, window):
    return [past % window for past in range(max(0, position - window + 1), position)]
