# scores: all
def next_token(prompt):
    ids = torch.tensor([tokenizer.encode(prompt)])
    with torch.inference_mode():
        best = model(ids).logits[0, -1].topk(1).indices
    return tokenizer.decode(best)
