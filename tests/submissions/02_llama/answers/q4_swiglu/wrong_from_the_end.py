# scores: q4_part=0
def swiglu_part(x, gate, up, down, machine, machines):
    machine = machines - 1 - machine
    size = len(gate) // machines
    own = slice(machine * size, (machine + 1) * size)
    return (F.silu(x @ gate[own].T) * (x @ up[own].T)) @ down[:, own].T
