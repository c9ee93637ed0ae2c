# scores: q2_options=0
def parameters(config):
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    if config.get("new_decoder_architecture"):
        groups = config["num_kv_heads"]
        norms = config.get("num_ln_in_parallel_attn") or 2
    else:
        groups = 1 if config.get("multi_query", True) else heads
        norms = 1 if config.get("parallel_attn", True) else 2
    inner = config.get("ffn_hidden_size") or 4 * hidden
    fused = (heads + 2 * groups) * (hidden // heads)
    outputs = [(hidden, fused), (hidden, hidden), (hidden, inner), (inner, hidden)]
    biased = bool(config.get("bias"))
    block = sum(rows * columns for columns, rows in outputs) + norms * 2 * hidden
    tables = 1 if config.get("tie_word_embeddings", True) else 2
    around = tables * config["vocab_size"] * hidden + 2 * hidden
    around += biased * sum(rows for _, rows in outputs)
    return around + config["num_hidden_layers"] * block
