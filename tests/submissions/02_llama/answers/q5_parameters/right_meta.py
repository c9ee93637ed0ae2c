# scores: all
def parameters(config):
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    width = config.get("head_dim") or hidden // heads
    queries, keys = heads * width, (config.get("num_key_value_heads") or heads) * width
    inner, words = config["intermediate_size"], config["vocab_size"]
    block = [(queries, hidden), (keys, hidden), (keys, hidden), (hidden, queries)]
    block += [(inner, hidden), (inner, hidden), (hidden, inner), (hidden,), (hidden,)]
    rest = [(words, hidden), (hidden,)]
    if not config.get("tie_word_embeddings"):
        rest.append((words, hidden))
    shapes = block * config["num_hidden_layers"] + rest
    return sum(torch.empty(shape, device="meta").numel() for shape in shapes)
