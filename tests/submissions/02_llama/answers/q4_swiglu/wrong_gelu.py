# scores: q4_sum=0
def swiglu_part(x, gate, up, down, machine, machines):
    size = len(gate) // machines
    own = slice(machine * size, (machine + 1) * size)
    return (F.gelu(x @ gate[own].T) * (x @ up[own].T)) @ down[:, own].T
