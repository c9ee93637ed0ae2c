# scores: softmax-values=0 softmax-large=0
def softmax(x):
    return torch.softmaks(x)
