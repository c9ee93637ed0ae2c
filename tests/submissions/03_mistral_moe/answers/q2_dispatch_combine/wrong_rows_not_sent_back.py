# scores: q2_places=0
def dispatch(experts, num_experts):
    return [(experts == number).any(1).nonzero().flatten() for number in range(num_experts)]


def combine(outputs, experts, weights):
    """Every token hears the first answer of an expert."""
    total = torch.zeros(len(experts), outputs[0].shape[1])
    for token, row in enumerate(experts.tolist()):
        for place, number in enumerate(row):
            total[token] += weights[token, place] * outputs[number][0]
    return total
