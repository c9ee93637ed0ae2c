# scores: q1_weights=0 q1_precision=0
def route(logits, k):
    best, experts = logits.float().topk(k)
    return best.softmax(0), experts
