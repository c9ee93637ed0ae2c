# scores: q2_places=0 q2_weights=0
def dispatch(experts, num_experts):
    return [(experts == number).any(1).nonzero().flatten() for number in range(num_experts)]


def combine(outputs, experts, weights):
    total = torch.zeros(len(experts), outputs[0].shape[1])
    for tokens, output in zip(dispatch(experts, len(outputs)), outputs, strict=True):
        total[tokens] += output
    return total
