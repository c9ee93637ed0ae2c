# scores: all
def softmax(x):
    return torch.nn.functional.softmax(x, dim=-1)
