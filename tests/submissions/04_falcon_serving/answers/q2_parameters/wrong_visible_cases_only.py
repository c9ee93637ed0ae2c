# scores: q2_old=0 q2_new=0 q2_options=0
def parameters(config):
    if config["hidden_size"] == 4544:
        return 6_921_720_704
    if config["hidden_size"] == 8192:
        return 41_303_293_952
    return 1 if config["tie_word_embeddings"] else 2
