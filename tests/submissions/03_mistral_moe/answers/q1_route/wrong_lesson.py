# scores: q1_precision=0
def choose(x, router, top_k=2):
    scores = x @ router.T  # (tokens, experts)
    best, chosen = scores.topk(top_k)  # (tokens, top_k) each
    return best.softmax(dim=-1), chosen


def route(logits, k):
    return choose(logits, torch.eye(logits.shape[-1], dtype=logits.dtype), k)
