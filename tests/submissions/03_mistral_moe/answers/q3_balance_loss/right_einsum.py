# scores: all
def balance_loss(logits, k, mask=None):
    if mask is None:
        mask = torch.ones(len(logits), dtype=torch.int64)
    logits = logits[mask == 1]
    probabilities = logits.exp() / logits.exp().sum(1, keepdim=True)
    share = logits.topk(k)[1].flatten().bincount(minlength=logits.shape[1]) / len(logits)
    return torch.einsum("e,te->", share, probabilities) * logits.shape[1] / len(logits)


def balance_gradient(logits, k):
    leaf = logits.detach().clone().requires_grad_()
    balance_loss(leaf, k).backward()
    return leaf.grad
