# scores: all
def swiglu_part(x, gate, up, down, machine, machines):
    size = len(gate) // machines
    result = torch.zeros_like(x)
    for number in range(machine * size, (machine + 1) * size):
        z = (x * gate[number]).sum(-1, keepdim=True)
        result = result + F.silu(z) * (x * up[number]).sum(-1, keepdim=True) * down[:, number]
    return result
