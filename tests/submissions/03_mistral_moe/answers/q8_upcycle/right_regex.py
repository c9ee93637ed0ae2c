# scores: all
def upcycle(state, routers):
    import re

    result = {f"model.layers.{n}.block_sparse_moe.gate.weight": r for n, r in enumerate(routers)}
    for name, tensor in state.items():
        found = re.fullmatch(r"(model\.layers\.\d+)\.mlp\.(gate|down|up)_proj\.weight", name)
        if found is None:
            result[name] = tensor
            continue
        number = 1 + ["gate", "down", "up"].index(found[2])
        for expert in range(routers.shape[1]):
            result[f"{found[1]}.block_sparse_moe.experts.{expert}.w{number}.weight"] = tensor
    return {name: tensor.detach().clone() for name, tensor in result.items()}
