# scores: all
def route(logits, k):
    probabilities = torch.softmax(logits.float(), dim=-1)
    order = logits.argsort(dim=-1, descending=True)[..., :k]
    chosen = probabilities.gather(-1, order)
    return chosen / chosen.sum(dim=-1, keepdim=True), order
