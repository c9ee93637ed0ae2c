# scores: all
def shape(logits, temperature, top_p):
    if temperature == 0:
        scaled = torch.full_like(logits, -math.inf)
        scaled[logits.argmax()] = 0.0
        return scaled.softmax(0)
    ordered, ids = torch.sort(logits / temperature, descending=True, stable=True)
    reached = ordered.softmax(0).cumsum(0) >= top_p
    remove = torch.cat([torch.tensor([False]), reached[:-1]])
    return (logits / temperature).index_fill(0, ids[remove], -math.inf).softmax(0)


def draw(probabilities, uniform):
    last = probabilities.nonzero()[-1].item()
    place = torch.searchsorted(probabilities.cumsum(0), torch.tensor(uniform), right=True)
    return min(place.item(), last)
