# scores: all
def parameters(config):
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    is_new = bool(config.get("new_decoder_architecture"))
    norms = ["input_layernorm"]
    if is_new and config.get("num_ln_in_parallel_attn") != 1:
        norms = ["ln_attn", "ln_mlp"]
    if not is_new and not config.get("parallel_attn", True):
        norms += ["post_attention_layernorm"]
    key_value_heads = heads
    if is_new:
        key_value_heads = config["num_kv_heads"]
    elif config.get("multi_query", True):
        key_value_heads = 1
    inner = config.get("ffn_hidden_size")
    inner = 4 * hidden if inner is None else inner
    block = {
        "query_key_value": [hidden + 2 * key_value_heads * (hidden // heads), hidden],
        "dense": [hidden, hidden],
        "dense_h_to_4h": [inner, hidden],
        "dense_4h_to_h": [hidden, inner],
    }
    count = 0
    for rows, columns in block.values():
        count += rows * columns
        count += rows if config.get("bias") else 0
    count += len(norms) * 2 * hidden
    count *= config["num_hidden_layers"]
    count += config["vocab_size"] * hidden + 2 * hidden
    if config.get("tie_word_embeddings", True) is False:
        count += config["vocab_size"] * hidden
    return count
