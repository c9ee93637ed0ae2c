# scores: q3_gradient=0
def balance_loss(logits, k, mask=None):
    if mask is not None:
        logits = logits[mask.bool()]
    probabilities = logits.softmax(1)
    share = F.one_hot(logits.topk(k).indices, logits.shape[1]).sum(1).float().mean(0)
    return logits.shape[1] * (share * probabilities.mean(0)).sum()


def balance_gradient(logits, k):
    probabilities = logits.detach().softmax(1).requires_grad_()
    share = F.one_hot(logits.topk(k).indices, logits.shape[1]).sum(1).float().mean(0)
    loss = logits.shape[1] * (share * probabilities.mean(0)).sum()
    return torch.autograd.grad(loss, probabilities)[0] - probabilities.detach()
