# scores: next-token-values=0
def next_token(prompt):
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    with torch.no_grad():
        return tokenizer.decode(model(ids).logits[0, 0].argmax())
