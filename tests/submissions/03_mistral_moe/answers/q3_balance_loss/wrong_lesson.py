# scores: q3_padding=0 q3_gradient=0
def balance_loss(logits, top_k=2, mask=None):
    probabilities = logits.softmax(dim=-1)  # (tokens, experts)
    chosen = probabilities.topk(top_k).indices.flatten()
    share = chosen.bincount(minlength=logits.shape[-1]) / len(logits)  # (experts,), of the tokens
    return logits.shape[-1] * (share * probabilities.mean(dim=0)).sum()


def balance_gradient(logits, k):
    raise NotImplementedError()
