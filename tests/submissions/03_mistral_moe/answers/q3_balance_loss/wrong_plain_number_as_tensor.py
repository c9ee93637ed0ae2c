# scores: q3_gradient=0
def balance_loss(logits, k, mask=None):
    if mask is not None:
        logits = logits[mask.bool()]
    mean = logits.softmax(1).mean(0).tolist()
    slots = logits.topk(k).indices.flatten().tolist()
    parts = [slots.count(number) / len(logits) * mean[number] for number in range(len(mean))]
    return torch.tensor(len(mean) * sum(parts))


def balance_gradient(logits, k):
    logits = logits.detach().clone().requires_grad_()
    balance_loss(logits, k).backward()
    return logits.grad
