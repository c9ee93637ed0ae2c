# scores: all
def surprise(text):
    ids = tokenizer(text, return_tensors="pt").input_ids
    with torch.no_grad():
        log = torch.log_softmax(model(ids).logits[0, :-1], -1)
    return -log.gather(1, ids[0, 1:, None]).mean().item()
