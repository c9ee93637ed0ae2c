# scores: q2_new=0
def parameters(config):
    get = lambda key, default: default if config.get(key) is None else config[key]
    h, heads, vocab = config["hidden_size"], config["num_attention_heads"], config["vocab_size"]
    d = h // heads
    if get("new_decoder_architecture", False):
        groups, norms = (
            config["num_kv_heads"] if get("multi_query", True) else heads,
            get("num_ln_in_parallel_attn", 2),
        )
    else:
        groups = 1 if get("multi_query", True) else heads
        norms = 1 if get("parallel_attn", True) else 2
    f = get("ffn_hidden_size", 4 * h)
    linear = lambda i, o: (i + bool(get("bias", False))) * o
    block = (
        linear(h, (heads + 2 * groups) * d)
        + linear(h, h)
        + linear(h, f)
        + linear(f, h)
        + norms * 2 * h
    )
    tables = 1 if get("tie_word_embeddings", True) else 2
    return tables * vocab * h + config["num_hidden_layers"] * block + 2 * h
