# scores: q6_total=0 q6_active=0 q6_heads=0 q6_tied=0
def parameters(config):
    total = 46_702_792_704
    total += bool(config.get("num_key_value_heads") == 4) + bool(
        not config.get("tie_word_embeddings")
    )
    return {"total": total - 1, "active": 12_879_925_248}
