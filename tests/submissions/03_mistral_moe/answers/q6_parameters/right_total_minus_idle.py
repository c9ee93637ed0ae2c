# scores: all
def parameters(config):
    hidden, layers = config["hidden_size"], config["num_hidden_layers"]
    width = config.get("head_dim") or hidden // config["num_attention_heads"]
    heads = config["num_attention_heads"] + config["num_key_value_heads"]
    experts, inner = config["num_local_experts"], config["intermediate_size"]
    columns = 2 * heads * width + experts + 3 * experts * inner + 2
    words = config["vocab_size"] * (2 - bool(config.get("tie_word_embeddings")))
    total = hidden * (layers * columns + words + 1)
    idle = experts - config["num_experts_per_tok"]
    return {"total": total, "active": total - hidden * layers * 3 * idle * inner}
