# scores: all
def parameters(config):
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    width = hidden // heads
    match bool(config.get("new_decoder_architecture")), config.get("multi_query", True):
        case True, _:
            groups = config["num_kv_heads"]
        case False, False:
            groups = heads
        case _:
            groups = 1
    inner = config.get("ffn_hidden_size") or hidden * 4
    shapes = {
        "query_key_value": ((heads + groups + groups) * width, hidden),
        "dense": (hidden, hidden),
        "dense_h_to_4h": (inner, hidden),
        "dense_4h_to_h": (hidden, inner),
    }
    if config.get("bias"):
        shapes |= {name + ".bias": (shape[0],) for name, shape in list(shapes.items())}
    one_norm = config.get("parallel_attn", True)
    if config.get("new_decoder_architecture"):
        one_norm = config.get("num_ln_in_parallel_attn") == 1
    shapes["norms"] = (1 if one_norm else 2, 2, hidden)
    block = sum(math.prod(shape) for shape in shapes.values())
    table = math.prod((config["vocab_size"], hidden))
    tied = config.get("tie_word_embeddings", True)
    return config["num_hidden_layers"] * block + 2 * hidden + (table if tied else 2 * table)
