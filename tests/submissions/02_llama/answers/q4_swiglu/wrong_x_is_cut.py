# scores: q4_sum=0 q4_part=0
def swiglu_part(x, gate, up, down, machine, machines):
    size = x.shape[-1] // machines
    own = slice(machine * size, (machine + 1) * size)
    return (F.silu(x[..., own] @ gate[:, own].T) * (x[..., own] @ up[:, own].T)) @ down.T
