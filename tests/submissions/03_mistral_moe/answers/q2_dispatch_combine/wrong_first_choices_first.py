# scores: q2_dispatch=0
def dispatch(experts, num_experts):
    """In the order of the columns, so that tokens do not rise."""
    return [(experts.T == number).nonzero()[:, 1] for number in range(num_experts)]


def combine(outputs, experts, weights):
    total = torch.zeros(len(experts), outputs[0].shape[1])
    for number, output in enumerate(outputs):
        token, place = (experts == number).nonzero(as_tuple=True)
        total.index_add_(0, token, weights[token, place, None] * output)
    return total
