# scores: all
def cache_bytes(config, tokens, bits=16):
    layers = config["num_hidden_layers"]
    rank = config.get("kv_lora_rank")
    window = config.get("sliding_window")
    heads = config.get("num_key_value_heads")
    if heads is None:
        heads = config["num_attention_heads"]
    kinds = config.get("layer_types")
    numbers = 0
    for layer in range(layers):
        kept = tokens
        if window is not None and (kinds is None or kinds[layer] == "sliding_attention"):
            kept = min(tokens, window)
        if rank is not None:
            numbers += tokens * (rank + config["qk_rope_head_dim"])
        else:
            numbers += kept * 2 * heads * config["head_dim"]
    return numbers * bits // 8
