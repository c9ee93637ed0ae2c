# scores: all
def cache_bytes(config, tokens, bits=16):
    def numbers_of_a_token():
        if config.get("kv_lora_rank") is not None:
            return config["kv_lora_rank"] + config["qk_rope_head_dim"]
        shared = config.get("num_key_value_heads")
        queries = config["num_attention_heads"]
        return (queries if shared is None else shared) * config["head_dim"] * 2

    def tokens_of(kind):
        window = config.get("sliding_window")
        if window is None or kind == "full_attention":
            return tokens
        return min(window, tokens)

    kinds = config.get("layer_types")
    if kinds is None:
        kinds = ["sliding_attention" for _ in range(config["num_hidden_layers"])]
    return sum(tokens_of(kind) * numbers_of_a_token() * bits for kind in kinds) // 8
