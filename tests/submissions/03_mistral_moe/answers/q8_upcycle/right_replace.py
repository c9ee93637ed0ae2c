# scores: all
def upcycle(state, routers):
    from copy import deepcopy

    result = deepcopy(state)
    for number in range(len(routers)):
        old = f"model.layers.{number}.mlp"
        new = f"model.layers.{number}.block_sparse_moe"
        for source, target in (("gate_proj", "w1"), ("up_proj", "w3"), ("down_proj", "w2")):
            weight = result.pop(f"{old}.{source}.weight")
            for expert in range(len(routers[number])):
                result[f"{new}.experts.{expert}.{target}.weight"] = 1 * weight
        result[f"{new}.gate.weight"] = torch.tensor(routers[number].tolist())
    return result
