# scores: all
def next_token(prompt):
    given = tokenizer(prompt, return_tensors="pt")
    made = model.generate(**given, max_new_tokens=1, do_sample=False)
    return tokenizer.decode(made[0, -1])
