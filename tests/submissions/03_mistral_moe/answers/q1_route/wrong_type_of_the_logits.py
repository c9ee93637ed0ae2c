# scores: q1_precision=0
def route(logits, k):
    best, experts = logits.topk(k)
    return best.softmax(-1), experts
