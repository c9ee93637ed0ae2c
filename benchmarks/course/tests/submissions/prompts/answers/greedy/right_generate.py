# scores: all
def greedy(prompt, count):
    given = tokenizer(prompt, return_tensors="pt")
    made = model.generate(**given, max_new_tokens=count, do_sample=False)
    return made[0, -count:].tolist()
