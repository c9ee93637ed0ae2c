# scores: all
def cache_bytes(config, tokens, bits=16):
    config = {key: value for key, value in config.items() if value is not None}
    layers = config["num_hidden_layers"]
    default = "sliding_attention" if "sliding_window" in config else "full_attention"
    count = 0
    for kind in config.get("layer_types", [default] * layers):
        kept = tokens
        if kind == "sliding_attention" and "sliding_window" in config:
            kept = min(kept, config["sliding_window"])
        if "kv_lora_rank" in config:
            shapes = [(tokens, config["kv_lora_rank"]), (tokens, config["qk_rope_head_dim"])]
        else:
            heads = config.get("num_key_value_heads", config["num_attention_heads"])
            shapes = [(kept, heads, config["head_dim"])] * 2
        count += sum(torch.empty(shape, device="meta").numel() for shape in shapes)
    return count * bits // 8
