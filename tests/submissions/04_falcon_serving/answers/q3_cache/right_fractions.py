# scores: all
def cache_bytes(config, tokens, bits=16):
    from fractions import Fraction

    of_a_number = Fraction(bits, 8)
    if config.get("kv_lora_rank") is not None:
        of_a_token = config["kv_lora_rank"] + config["qk_rope_head_dim"]
    else:
        heads = config.get("num_key_value_heads") or config["num_attention_heads"]
        of_a_token = 2 * heads * config["head_dim"]
    window = config.get("sliding_window") or tokens
    kinds = config.get("layer_types") or ["sliding_attention"] * config["num_hidden_layers"]
    short = kinds.count("sliding_attention")
    kept = short * min(window, tokens) + (len(kinds) - short) * tokens
    return int(of_a_number * of_a_token * kept)
