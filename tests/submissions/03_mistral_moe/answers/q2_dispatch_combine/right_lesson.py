# scores: all
def dispatch(experts, num_experts):
    gathered = []
    for number in range(num_experts):
        token, place = (experts == number).nonzero(as_tuple=True)  # who chose this expert
        gathered.append(token)
    return gathered


def combine(outputs, experts, weights):
    output = torch.zeros(len(experts), outputs[0].shape[1])
    for number in range(len(outputs)):
        token, place = (experts == number).nonzero(as_tuple=True)  # who chose this expert
        said = outputs[number]  # (its tokens, hidden)
        output.index_add_(0, token, weights[token, place, None] * said)
    return output
