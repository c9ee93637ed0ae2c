# scores: q1_weights=0 q1_precision=0
def route(logits, k):
    experts = logits.float().topk(k).indices
    return torch.full(experts.shape, 1 / k), experts
