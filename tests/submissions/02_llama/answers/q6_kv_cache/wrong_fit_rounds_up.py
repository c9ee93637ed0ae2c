# scores: q6_fit=0
def kv_cache_bytes(config, tokens, batch=1, value_bytes=2):
    heads = config["num_attention_heads"]
    shared = config.get("num_key_value_heads") or heads
    width = config.get("head_dim") or config["hidden_size"] // heads
    one_token = 2 * shared * width * config["num_hidden_layers"] * value_bytes
    return batch * tokens * one_token


def tokens_that_fit(config, free_bytes, batch=1, value_bytes=2):
    return math.ceil(free_bytes / kv_cache_bytes(config, 1, batch, value_bytes))
