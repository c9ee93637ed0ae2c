# scores: q1_precision=0
def route(logits, k):
    best, experts = logits.float().topk(k)
    odds = best.exp()
    return odds / odds.sum(-1, keepdim=True), experts
