# scores: q2_dispatch=0
def dispatch(experts, num_experts):
    rows = experts.tolist()
    return [[t for t, row in enumerate(rows) if e in row] for e in range(num_experts)]


def combine(outputs, experts, weights):
    total = torch.zeros(len(experts), outputs[0].shape[1])
    for number, tokens in enumerate(dispatch(experts, len(outputs))):
        for row, token in enumerate(tokens):
            place = experts[token].tolist().index(number)
            total[token] += weights[token, place] * outputs[number][row]
    return total
