# scores: q3_padding=0
def balance_loss(logits, k, mask=None):
    mask = torch.ones(len(logits)) if mask is None else mask.float()
    probabilities = logits.softmax(1) * mask[:, None]
    slots = F.one_hot(logits.topk(k).indices, logits.shape[1]).sum(1) * mask[:, None]
    return logits.shape[1] * (slots.mean(0) * probabilities.mean(0)).sum()


def balance_gradient(logits, k):
    logits = logits.detach().clone().requires_grad_()
    balance_loss(logits, k).backward()
    return logits.grad
