# scores: q9_new=0
def expand(state, every):
    blocks, result = {}, {}
    for name, tensor in state.items():
        pieces = name.split(".")
        if pieces[1] == "layers":
            blocks.setdefault(int(pieces[2]), {})[".".join(pieces[3:])] = tensor
        else:
            result[name] = tensor
    order = []
    for number in sorted(blocks):
        order.append(blocks[number])
        if (number + 1) % every == 0:
            new = {part: tensor.clone() for part, tensor in blocks[number].items()}
            for part in new:
                if part.split(".")[-2] in ("o_proj", "down_proj", "gate_proj", "up_proj"):
                    new[part] = torch.zeros_like(new[part])
            order.append(new)
    for number, block in enumerate(order):
        for part, tensor in block.items():
            result[f"model.layers.{number}.{part}"] = tensor
    return result
