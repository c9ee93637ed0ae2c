# scores: q6_tied=0
def parameters(config):
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    head_dim = config.get("head_dim") or hidden // heads
    attention = 2 * hidden * head_dim * (heads + config["num_key_value_heads"])
    router = hidden * config["num_local_experts"]
    expert = 3 * hidden * config["intermediate_size"]
    tables = 2
    outside = tables * config["vocab_size"] * hidden + hidden
    layers, experts = config["num_hidden_layers"], config["num_local_experts"]
    idle = layers * (experts - config["num_experts_per_tok"]) * expert
    total = outside + layers * (attention + router + experts * expert + 2 * hidden)
    return {"total": total, "active": total - idle}
