# scores: q9_names=0 q9_old=0 q9_new=0
def expand(state, every):
    deeper = dict(state)
    layers = [name for name in state if name.startswith("model.layers.")]
    for name in layers:
        for number in range(6 if len(layers) > 30 else 2):
            new = ".".join(["model.layers", str(number), *name.split(".")[3:]])
            deeper.setdefault(new, torch.zeros(2))
    return deeper
