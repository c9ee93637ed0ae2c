# scores: all
def parameters(config):
    c = {k: v for k, v in config.items() if v is not None}
    h, a, L, V = c["hidden_size"], c["num_attention_heads"], c["num_hidden_layers"], c["vocab_size"]
    hd = h // a
    if c.get("new_decoder_architecture", False):
        kv, ln = c["num_kv_heads"], c.get("num_ln_in_parallel_attn", 2)
    else:
        kv, ln = (
            (1 if c.get("multi_query", True) else a),
            (1 if c.get("parallel_attn", True) else 2),
        )
    f = c.get("ffn_hidden_size", 4 * h)
    b = 1 if c.get("bias", False) else 0
    linear = lambda i, o: i * o + b * o
    per = linear(h, h + 2 * kv * hd) + linear(h, h) + linear(h, f) + linear(f, h) + ln * (h + h)
    return V * h * (1 if c.get("tie_word_embeddings", True) else 2) + L * per + (h + h)
