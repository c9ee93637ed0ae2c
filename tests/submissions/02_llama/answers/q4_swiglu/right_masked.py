# scores: all
def swiglu_part(x, gate, up, down, machine, machines):
    features = F.silu(F.linear(x, gate)) * F.linear(x, up)
    owner = torch.arange(len(gate)) // (len(gate) // machines)
    return F.linear(features * (owner == machine), down)
