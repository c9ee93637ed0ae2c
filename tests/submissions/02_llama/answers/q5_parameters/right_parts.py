# scores: all
def parameters(config):
    given = {key: value for key, value in config.items() if value is not None}
    h, n = given["hidden_size"], given["num_attention_heads"]
    d = given.get("head_dim", h // n)
    g = given.get("num_key_value_heads", n)
    parts = {
        "attention": given["num_hidden_layers"] * (2 * h * n * d + 2 * h * g * d),
        "feed_forward": given["num_hidden_layers"] * 3 * h * given["intermediate_size"],
        "norms": (2 * given["num_hidden_layers"] + 1) * h,
        "tables": given["vocab_size"] * h * (2 - bool(given.get("tie_word_embeddings"))),
    }
    return sum(parts.values())
