# scores: all
def expand(state, every):
    numbers = [int(name.split(".")[2]) for name in state if ".layers." in name]
    depth = max(numbers) + 1
    sources = [n for n in range(depth) for _ in range(2 if n % every == every - 1 else 1)]
    deeper = {name: tensor for name, tensor in state.items() if ".layers." not in name}
    for place, source in enumerate(sources):
        prefix = f"model.layers.{source}."
        new = place > 0 and sources[place - 1] == source
        for name, tensor in state.items():
            if name.startswith(prefix):
                part = name[len(prefix) :]
                value = tensor.clone()
                if new and ("o_proj" in part or "down_proj" in part):
                    value.zero_()
                deeper[f"model.layers.{place}.{part}"] = value
    return deeper
