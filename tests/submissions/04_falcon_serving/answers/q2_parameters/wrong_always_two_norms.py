# scores: q2_old=0 q2_new=0
def parameters(config):
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    if config.get("new_decoder_architecture"):
        groups = config["num_kv_heads"]
        norms = 2
    else:
        groups = 1 if config.get("multi_query", True) else heads
        norms = 2
    inner = config.get("ffn_hidden_size") or 4 * hidden
    fused = (heads + 2 * groups) * (hidden // heads)
    outputs = [(hidden, fused), (hidden, hidden), (hidden, inner), (inner, hidden)]
    biased = bool(config.get("bias"))
    block = sum(rows * (columns + biased) for columns, rows in outputs) + norms * 2 * hidden
    tables = 1 if config.get("tie_word_embeddings", True) else 2
    around = tables * config["vocab_size"] * hidden + 2 * hidden
    return around + config["num_hidden_layers"] * block
