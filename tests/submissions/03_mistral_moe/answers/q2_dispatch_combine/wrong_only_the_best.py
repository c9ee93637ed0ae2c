# scores: q2_dispatch=0 q2_places=0 q2_weights=0
def dispatch(experts, num_experts):
    return [(experts[:, 0] == number).nonzero().flatten() for number in range(num_experts)]


def combine(outputs, experts, weights):
    result = torch.zeros(len(experts), outputs[0].shape[1])
    for number, tokens in enumerate(dispatch(experts, len(outputs))):
        result[tokens] += weights[tokens, 0, None] * outputs[number][: len(tokens)]
    return result
