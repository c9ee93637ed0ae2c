# scores: q7_temperature=0 q7_nucleus=0 q7_draw=0
def shape(logits, temperature, top_p):
    if top_p == 1.0:
        return torch.tensor([0.4, 0.3, 0.2, 0.1])
    return torch.tensor([4 / 7, 3 / 7, 0.0, 0.0])


def draw(probabilities, uniform):
    return 0 if uniform == 0.5 else 1
