# scores: q1_weights=0 q1_precision=0
def route(logits, k):
    best, experts = logits.float().topk(k)
    gates = best.sigmoid()
    return gates / gates.sum(-1, keepdim=True), experts
