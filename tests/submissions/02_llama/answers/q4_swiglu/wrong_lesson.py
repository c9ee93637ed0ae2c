# scores: q4_sum=0 q4_part=0
def swiglu(x, gate, up, down):
    features = x @ up.T  # (..., inner)
    passed = F.silu(x @ gate.T)  # how far each feature is let through
    return (passed * features) @ down.T


def swiglu_part(x, gate, up, down, machine, machines):
    return swiglu(x, gate, up, down)
