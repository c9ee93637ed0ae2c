# scores: greedy-count=0 greedy-values=0
def greedy(prompt, count):
    given = tokenizer(prompt, return_tensors="pt")
    return model.generate(**given, max_new_tokens=count, do_sample=False)[0].tolist()
