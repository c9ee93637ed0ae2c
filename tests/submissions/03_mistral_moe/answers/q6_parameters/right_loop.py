# scores: all
def parameters(config):
    hidden = config["hidden_size"]
    width = config.get("head_dim")
    if width is None:
        width = hidden // config["num_attention_heads"]
    total = active = hidden  # the last norm
    for _ in range(1 if config.get("tie_word_embeddings", False) else 2):
        total += config["vocab_size"] * hidden
        active += config["vocab_size"] * hidden
    for _ in range(config["num_hidden_layers"]):
        shared = 2 * config["num_attention_heads"] * width * hidden
        shared += 2 * config["num_key_value_heads"] * width * hidden
        shared += 2 * hidden + config["num_local_experts"] * hidden
        total += shared
        active += shared
        for number in range(config["num_local_experts"]):
            expert = 3 * config["intermediate_size"] * hidden
            total += expert
            active += expert if number < config["num_experts_per_tok"] else 0
    return {"total": total, "active": active}
