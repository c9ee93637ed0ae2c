# scores: q8_values=0
def upcycle(state, routers):
    matrices = {"gate_proj": "w1", "down_proj": "w2", "up_proj": "w3"}
    mixture = {}
    for name, tensor in state.items():
        parts = name.split(".")
        if "mlp" not in parts:
            mixture[name] = tensor
            continue
        moe = ".".join([*parts[:3], "block_sparse_moe"])
        mixture[f"{moe}.gate.weight"] = routers[0]
        for number in range(routers.shape[1]):
            mixture[f"{moe}.experts.{number}.{matrices[parts[4]]}.weight"] = tensor.clone()
    return mixture
