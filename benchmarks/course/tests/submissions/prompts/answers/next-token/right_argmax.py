# scores: all
def next_token(prompt):
    with torch.no_grad():
        logits = model(**tokenizer(prompt, return_tensors="pt")).logits
    return tokenizer.decode(logits[0, -1].argmax())
