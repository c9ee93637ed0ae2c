# scores: all
def store(ring, new, start):
    window = len(ring)
    positions = torch.arange(start, start + len(new))[-window:]
    result = ring.clone()
    result[positions % window] = new[-window:]
    return result


def past_slots(position, window):
    first = max(position - (window - 1), 0)
    return (torch.arange(first, position) % window).tolist()
