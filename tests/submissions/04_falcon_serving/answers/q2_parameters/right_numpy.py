# scores: all
def parameters(config):
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    config = {
        "multi_query": True,
        "parallel_attn": True,
        "tie_word_embeddings": True,
        "bias": False,
        "new_decoder_architecture": False,
        **config,
    }
    if config["new_decoder_architecture"]:
        groups = config["num_kv_heads"]
        norms = config.get("num_ln_in_parallel_attn") or 2
    else:
        groups = heads ** (not config["multi_query"])
        norms = 1 + (not config["parallel_attn"])
    inner = config.get("ffn_hidden_size") or 4 * hidden
    inputs = np.array([hidden, hidden, hidden, inner], dtype=np.int64)
    outputs = np.array([hidden + 2 * groups * (hidden // heads), hidden, inner, hidden])
    block = inputs @ outputs + config["bias"] * outputs.sum() + 2 * norms * hidden
    tables = 2 - config["tie_word_embeddings"]
    return int(tables * config["vocab_size"] * hidden + config["num_hidden_layers"] * block) + (
        2 * hidden
    )
