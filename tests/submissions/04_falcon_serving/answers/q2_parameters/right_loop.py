# scores: all
def parameters(config):
    hidden = config["hidden_size"]
    heads = config["num_attention_heads"]
    width = hidden // heads
    new = config.get("new_decoder_architecture", False)
    if new:
        groups = config["num_kv_heads"]
        norms = config.get("num_ln_in_parallel_attn")
        if norms is None:
            norms = 2
    elif config.get("multi_query", True):
        groups = 1
    else:
        groups = heads
    if not new:
        norms = 1 if config.get("parallel_attn", True) else 2
    inner = config.get("ffn_hidden_size")
    if inner is None:
        inner = 4 * hidden
    total = config["vocab_size"] * hidden
    for _ in range(config["num_hidden_layers"]):
        shapes = [
            (hidden + 2 * groups * width, hidden),
            (hidden, hidden),
            (inner, hidden),
            (hidden, inner),
        ]
        for rows, columns in shapes:
            total += rows * columns
            if config.get("bias", False):
                total += rows
        total += norms * (hidden + hidden)
    total += 2 * hidden
    if not config.get("tie_word_embeddings", True):
        total += config["vocab_size"] * hidden
    return total
