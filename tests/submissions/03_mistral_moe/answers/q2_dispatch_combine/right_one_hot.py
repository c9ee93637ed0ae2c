# scores: all
def dispatch(experts, num_experts):
    chosen = F.one_hot(experts, num_experts).sum(1).bool()
    return [torch.where(column)[0] for column in chosen.T]


def combine(outputs, experts, weights):
    count = len(outputs)
    table = torch.zeros(len(experts), count).scatter(1, experts, weights)
    result = torch.zeros(len(experts), outputs[0].shape[1])
    for number, tokens in enumerate(dispatch(experts, count)):
        result[tokens] += table[tokens, number].unsqueeze(1) * outputs[number]
    return result
