# scores: q3_value=0 q3_padding=0
def balance_loss(logits, k, mask=None):
    if mask is not None:
        logits = logits[mask.bool()]
    probabilities = logits.softmax(1)
    share = F.one_hot(logits.topk(k).indices, logits.shape[1]).sum(1).float().mean(0)
    return (logits.shape[1] * (share * probabilities.mean(0)).sum()).item()


def balance_gradient(logits, k):
    probabilities = logits.softmax(1)
    share = F.one_hot(logits.topk(k).indices, logits.shape[1]).sum(1).float().mean(0)
    slope = probabilities * (share - (probabilities * share).sum(1, keepdim=True))
    return slope * logits.shape[1] / len(logits)
