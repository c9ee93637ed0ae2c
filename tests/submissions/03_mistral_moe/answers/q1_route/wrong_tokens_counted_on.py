# scores: q1_chosen=0
def route(logits, k):
    """Numbers in the flattened tensor instead of numbers of experts."""
    best, experts = logits.float().topk(k)
    size = logits.shape[-1]
    start = size * torch.arange(logits.numel() // size).reshape(*logits.shape[:-1], 1)
    return best.softmax(-1), experts + start
