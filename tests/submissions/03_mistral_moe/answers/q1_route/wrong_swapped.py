# scores: q1_chosen=0 q1_weights=0 q1_precision=0
def route(logits, k):
    best, experts = logits.float().topk(k)
    return experts, best.softmax(-1)
