# scores: q1_chosen=0 q1_weights=0 q1_precision=0
def route(logits, k):
    best, experts = logits.float().topk(k)
    return best.flip(-1).softmax(-1), experts.flip(-1)
