# scores: all
def kv_cache_bytes(config, tokens, batch=1, value_bytes=2):
    given = {key: value for key, value in config.items() if value is not None}
    heads = given["num_attention_heads"]
    width = given.get("head_dim", given["hidden_size"] // heads)
    total = 0
    for _layer in range(given["num_hidden_layers"]):
        for _part in ("key", "value"):
            total += given.get("num_key_value_heads", heads) * width
    return total * tokens * batch * value_bytes


def tokens_that_fit(config, free_bytes, batch=1, value_bytes=2):
    low, high = 0, free_bytes + 1
    while high - low > 1:
        middle = (low + high) // 2
        if kv_cache_bytes(config, middle, batch, value_bytes) <= free_bytes:
            low = middle
        else:
            high = middle
    return low
