# scores: all
def parameters(config):
    def optional(key, default):
        value = config.get(key)
        return default if value is None else value

    h = config["hidden_size"]
    is_new = optional("new_decoder_architecture", False)
    many = config["num_kv_heads"] if is_new else config["num_attention_heads"]
    groups = many if is_new or not optional("multi_query", True) else 1
    if is_new:
        norms = optional("num_ln_in_parallel_attn", 2)
    else:
        norms = 1 if optional("parallel_attn", True) else 2
    f = optional("ffn_hidden_size", 4 * h)
    key_value = 2 * groups * h // config["num_attention_heads"]
    matrices = h * (h + key_value) + h * h + 2 * h * f
    biases = (h + key_value) + h + f + h if optional("bias", False) else 0
    block = matrices + biases + norms * 2 * h
    table = config["vocab_size"] * h
    head = 0 if optional("tie_word_embeddings", True) else table
    return table + head + config["num_hidden_layers"] * block + 2 * h
