# scores: mask-values=0
def mask(n):
    return torch.ones(n, n).tril()
