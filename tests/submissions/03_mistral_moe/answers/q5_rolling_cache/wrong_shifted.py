# scores: q5_store=0 q5_prompt=0
def store(ring, new, start):
    """The newest always last, as in a list."""
    return torch.cat([ring, new])[-len(ring) :]


def past_slots(position, window):
    return [past % window for past in range(max(0, position - window + 1), position)]
