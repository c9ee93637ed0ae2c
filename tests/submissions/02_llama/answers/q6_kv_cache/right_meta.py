# scores: all
def kv_cache_bytes(config, tokens, batch=1, value_bytes=2):
    heads = config["num_attention_heads"]
    shape = (
        2,
        config["num_hidden_layers"],
        batch,
        config.get("num_key_value_heads") or heads,
        tokens,
        config.get("head_dim") or config["hidden_size"] // heads,
    )
    return torch.empty(shape, device="meta").numel() * value_bytes


def tokens_that_fit(config, free_bytes, batch=1, value_bytes=2):
    tokens = math.floor(free_bytes / kv_cache_bytes(config, 1, batch, value_bytes))
    return tokens
