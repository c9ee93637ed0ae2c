# scores: q3_window=0
def cache_bytes(config, tokens, bits=16):
    layers = config["num_hidden_layers"]
    if config.get("kv_lora_rank") is not None:
        numbers = (config["kv_lora_rank"] + config["qk_rope_head_dim"]) * tokens * layers
        return numbers * bits // 8
    heads = config.get("num_key_value_heads") or config["num_attention_heads"]
    window = config.get("sliding_window")
    kinds = config.get("layer_types") or ["sliding_attention"] * layers
    kept = sum(
        min(tokens, window)
        if window and config.get("layer_types") and kind.startswith("sliding")
        else tokens
        for kind in kinds
    )  # tokens, over all layers
    return 2 * heads * config["head_dim"] * kept * bits // 8
