# scores: q4_part=0
def swiglu_part(x, gate, up, down, machine, machines):
    return (F.silu(x @ gate.T) * (x @ up.T)) @ down.T / machines
