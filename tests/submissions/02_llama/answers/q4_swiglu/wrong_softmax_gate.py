# scores: q4_sum=0 q4_part=0
def swiglu_part(x, gate, up, down, machine, machines):
    opened = (x @ gate.T).softmax(-1)
    size = len(gate) // machines
    own = slice(machine * size, (machine + 1) * size)
    return (opened[..., own] * (x @ up[own].T)) @ down[:, own].T
