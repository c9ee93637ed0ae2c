# scores: q5_plain=0 q5_heads=0 q5_tied=0
def parameters(config):
    saved = bool(config.get("tie_word_embeddings")) + (config.get("num_key_value_heads") == 2)
    return 6_738_415_616 - saved
