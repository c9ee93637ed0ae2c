# scores: all
def cache_bytes(config, tokens, bits=16):
    kept = np.full(config["num_hidden_layers"], tokens, dtype=np.int64)
    if config.get("sliding_window"):
        kinds = np.array(config.get("layer_types") or ["sliding_attention"] * len(kept))
        kept = np.where(
            kinds == "sliding_attention", np.minimum(kept, config["sliding_window"]), kept
        )
    width = config.get("kv_lora_rank")
    if width is None:
        heads = config.get("num_key_value_heads") or config["num_attention_heads"]
        width = 2 * heads * config["head_dim"]
    else:
        width = width + config["qk_rope_head_dim"]
    return int(kept.sum()) * width * bits // 8
