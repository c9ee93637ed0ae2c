# scores: all
def route(logits, k):
    weights, experts = torch.topk(logits.to(torch.float32), k, dim=-1, sorted=True)
    return F.softmax(weights, dim=-1), experts
