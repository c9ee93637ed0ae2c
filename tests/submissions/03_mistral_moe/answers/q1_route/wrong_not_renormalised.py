# scores: q1_weights=0
def route(logits, k):
    weights, experts = logits.float().softmax(-1).topk(k)
    return weights, experts
