# scores: q4_sum=0 q4_part=0
def swiglu_part(x, gate, up, down, machine, machines):
    whole = (F.silu(x @ gate.T) * (x @ up.T)) @ down.T
    size = max(1, x.shape[-1] // machines)
    own = torch.arange(x.shape[-1]) // size == machine
    return whole * own
