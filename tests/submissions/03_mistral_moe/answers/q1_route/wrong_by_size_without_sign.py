# scores: q1_chosen=0 q1_weights=0 q1_precision=0
def route(logits, k):
    logits = logits.float()
    experts = logits.abs().topk(k).indices
    return logits.gather(-1, experts).softmax(-1), experts
