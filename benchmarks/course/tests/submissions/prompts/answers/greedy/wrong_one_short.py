# scores: greedy-count=0 greedy-values=0
def greedy(prompt, count):
    ids = tokenizer(prompt).input_ids
    for _ in range(count - 1):
        with torch.no_grad():
            ids.append(model(torch.tensor([ids])).logits[0, -1].argmax().item())
    return ids[-(count - 1) :]
