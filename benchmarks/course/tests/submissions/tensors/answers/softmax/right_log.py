# scores: all
def softmax(x):
    return torch.log_softmax(x, dim=-1).exp()
