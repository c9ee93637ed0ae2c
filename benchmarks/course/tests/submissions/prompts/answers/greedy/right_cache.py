# scores: all
def greedy(prompt, count):
    step = tokenizer(prompt, return_tensors="pt").input_ids
    cache, found = None, []
    for _ in range(count):
        with torch.no_grad():
            out = model(step, cache=cache, use_cache=True)
        cache, step = out.cache, out.logits[:, -1:].argmax(-1)
        found.append(step.item())
    return found
