# scores: all
def balance_loss(logits, k, mask=None):
    tokens, count = logits.shape
    mask = torch.ones(tokens) if mask is None else mask.float()
    probabilities = torch.softmax(logits, dim=-1)
    chosen = torch.zeros_like(logits).scatter(1, logits.topk(k).indices, 1.0)
    share = mask @ chosen / mask.sum()
    mean = mask @ probabilities / mask.sum()
    return count * share @ mean


def balance_gradient(logits, k):
    logits = logits.detach().clone().requires_grad_()
    balance_loss(logits, k).backward()
    return logits.grad
