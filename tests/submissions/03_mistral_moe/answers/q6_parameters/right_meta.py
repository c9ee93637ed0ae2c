# scores: all
def parameters(config):
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    width = config.get("head_dim") or hidden // config["num_attention_heads"]
    queries = config["num_attention_heads"] * width
    keys = config["num_key_value_heads"] * width

    def empty(*shape):
        return torch.empty(shape, device="meta").numel()

    layer = empty(queries, hidden) + 2 * empty(keys, hidden) + empty(hidden, queries)
    layer += 2 * empty(hidden) + empty(config["num_local_experts"], hidden)
    expert = 2 * empty(inner, hidden) + empty(hidden, inner)
    around = empty(config["vocab_size"], hidden) + empty(hidden)
    if not config.get("tie_word_embeddings"):
        around += empty(config["vocab_size"], hidden)
    keys = {"total": "num_local_experts", "active": "num_experts_per_tok"}
    return {
        name: around + config["num_hidden_layers"] * (layer + config[key] * expert)
        for name, key in keys.items()
    }
