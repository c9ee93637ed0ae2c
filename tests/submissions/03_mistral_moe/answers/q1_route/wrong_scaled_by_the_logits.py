# scores: q1_weights=0 q1_precision=0
def route(logits, k):
    best, experts = logits.float().topk(k)
    return best / best.sum(-1, keepdim=True), experts
