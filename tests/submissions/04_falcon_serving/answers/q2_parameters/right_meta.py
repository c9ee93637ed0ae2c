# scores: all
def parameters(config):
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    if config.get("new_decoder_architecture"):
        groups, norms = config["num_kv_heads"], config.get("num_ln_in_parallel_attn") or 2
    else:
        groups = 1 if config.get("multi_query", True) else heads
        norms = 2 - bool(config.get("parallel_attn", True))
    inner = config.get("ffn_hidden_size") or 4 * hidden
    bias = bool(config.get("bias", False))
    with torch.device("meta"):
        block = torch.nn.ModuleList(
            [
                torch.nn.Linear(hidden, (heads + 2 * groups) * (hidden // heads), bias=bias),
                torch.nn.Linear(hidden, hidden, bias=bias),
                torch.nn.Linear(hidden, inner, bias=bias),
                torch.nn.Linear(inner, hidden, bias=bias),
                *[torch.nn.LayerNorm(hidden) for _ in range(norms)],
            ]
        )
        last = torch.nn.LayerNorm(hidden)

    def count(module):
        return sum(tensor.numel() for tensor in module.parameters())

    tables = 1 if config.get("tie_word_embeddings", True) else 2
    table = tables * config["vocab_size"] * hidden
    return table + count(last) + config["num_hidden_layers"] * count(block)
