# scores: q3_value=0
def balance_loss(logits, k, mask=None):
    if mask is not None:
        logits = logits[mask.bool()]
    mean = logits.softmax(1).mean(0)
    return logits.shape[1] * k * (mean * mean).sum()


def balance_gradient(logits, k):
    logits = logits.detach().clone().requires_grad_()
    balance_loss(logits, k).backward()
    return logits.grad
