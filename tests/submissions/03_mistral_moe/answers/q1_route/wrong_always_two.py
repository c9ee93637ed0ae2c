# scores: q1_chosen=0 q1_weights=0
def route(logits, k):
    best, experts = logits.float().topk(2)
    return best.softmax(-1), experts
