# scores: all
def dispatch(experts, num_experts):
    lists = [[] for _ in range(num_experts)]
    for token, row in enumerate(experts.tolist()):
        for number in row:
            lists[number].append(token)
    return [torch.tensor(tokens, dtype=torch.int64) for tokens in lists]


def combine(outputs, experts, weights):
    result = torch.zeros(len(experts), outputs[0].shape[-1])
    waiting = [iter(output) for output in outputs]
    for token, row in enumerate(experts.tolist()):
        for place, number in enumerate(row):
            result[token] += weights[token, place] * next(waiting[number])
    return result
