# scores: q1_chosen=0 q1_weights=0
def route(logits, k):
    logits = logits.float()
    experts = logits.topk(k).indices.sort(-1).values
    return logits.gather(-1, experts).softmax(-1), experts
