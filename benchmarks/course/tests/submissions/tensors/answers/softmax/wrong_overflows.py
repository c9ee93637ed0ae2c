# scores: softmax-large=0
def softmax(x):
    weights = torch.exp(x)
    return weights / weights.sum(dim=-1, keepdim=True)
