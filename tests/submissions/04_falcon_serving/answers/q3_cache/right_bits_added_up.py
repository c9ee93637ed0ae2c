# scores: all
def cache_bytes(config, tokens, bits=16):
    total_bits = 0
    get = config.get
    for i in range(config["num_hidden_layers"]):
        if get("kv_lora_rank") is not None:
            n = (get("kv_lora_rank") + get("qk_rope_head_dim")) * tokens
        else:
            types = get("layer_types")
            windowed = get("sliding_window") is not None and (
                types is None or types[i] != "full_attention"
            )
            t = min(tokens, get("sliding_window")) if windowed else tokens
            kv = (
                get("num_key_value_heads")
                if get("num_key_value_heads") is not None
                else get("num_attention_heads")
            )
            n = t * kv * config["head_dim"] * 2
        total_bits += n * bits
    return total_bits // 8
