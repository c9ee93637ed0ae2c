# scores: all
def dispatch(experts, num_experts):
    slots = experts.flatten()
    order = slots.argsort(stable=True) // experts.shape[1]
    return list(order.split(slots.bincount(minlength=num_experts).tolist()))


def combine(outputs, experts, weights):
    answers = torch.cat(outputs)
    order = experts.flatten().argsort(stable=True)
    slots = torch.empty_like(answers)
    slots[order] = answers
    return (slots.view(*experts.shape, -1) * weights.unsqueeze(-1)).sum(1)
