# scores: q5_plain=0 q5_heads=0 q5_tied=0
def parameters(config):
    hidden = config["hidden_size"]
    heads = config["num_attention_heads"]
    shared = config.get("num_key_value_heads")
    if shared is None:
        shared = heads
    width = config.get("head_dim")
    if width is None:
        width = hidden / heads
    total = config["vocab_size"] * hidden
    if not config.get("tie_word_embeddings", False):
        total += config["vocab_size"] * hidden
    for _ in range(config["num_hidden_layers"]):
        total += hidden * heads * width + heads * width * hidden
        total += 2 * hidden * shared * width
        total += 3 * hidden * config["intermediate_size"]
        total += 2 * hidden
    return float(total + hidden)
