# scores: q2_dispatch=0
def dispatch(experts, num_experts):
    slots = experts.flatten()
    return [(slots == number).nonzero().flatten() for number in range(num_experts)]


def combine(outputs, experts, weights):
    result = torch.zeros(experts.numel(), outputs[0].shape[1])
    for number, slots in enumerate(dispatch(experts, len(outputs))):
        result[slots] = outputs[number] * weights.flatten()[slots, None]
    return result.view(*experts.shape, -1).sum(1)
