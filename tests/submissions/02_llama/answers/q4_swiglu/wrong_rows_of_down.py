# scores: q4_sum=0 q4_part=0
def swiglu_part(x, gate, up, down, machine, machines):
    size = len(gate) // machines
    own = slice(machine * size, (machine + 1) * size)
    features = F.silu(x @ gate[own].T) * (x @ up[own].T)
    return features @ down[own]
