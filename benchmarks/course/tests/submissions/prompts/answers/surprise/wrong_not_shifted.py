# scores: surprise-values=0
def surprise(text):
    ids = tokenizer(text, return_tensors="pt").input_ids
    with torch.no_grad():
        return torch.nn.functional.cross_entropy(model(ids).logits[0], ids[0]).item()
