# scores: q1_chosen=0
def route(logits, k):
    best, experts = logits.float().topk(k)
    return best.softmax(-1), experts.float()
