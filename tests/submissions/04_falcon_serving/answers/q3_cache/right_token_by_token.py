# scores: all
def cache_bytes(config, tokens, bits=16):
    layers = config["num_hidden_layers"]
    if config.get("kv_lora_rank") is not None:
        return layers * tokens * (config["kv_lora_rank"] + config["qk_rope_head_dim"]) * bits // 8
    heads = config.get("num_key_value_heads") or config["num_attention_heads"]
    each = 2 * heads * config["head_dim"] * bits / 8
    if not config.get("sliding_window"):
        return round(each * tokens * layers)
    total = 0.0
    for layer in range(layers):
        kinds = config.get("layer_types")
        sees_all = kinds is not None and kinds[layer] == "full_attention"
        first = 0 if sees_all else max(0, tokens - config["sliding_window"])
        total += each * len(range(first, tokens))
    return round(total)
