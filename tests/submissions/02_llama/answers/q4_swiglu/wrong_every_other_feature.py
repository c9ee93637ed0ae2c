# scores: q4_part=0
def swiglu_part(x, gate, up, down, machine, machines):
    own = slice(machine, None, machines)
    return (F.silu(x @ gate[own].T) * (x @ up[own].T)) @ down[:, own].T
