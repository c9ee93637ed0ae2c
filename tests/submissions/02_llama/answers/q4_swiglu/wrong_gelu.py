# scores: q4_function=0
def swiglu(x, gate, up, down):
    opened = F.linear(x, gate)
    return F.linear(F.gelu(opened) * F.linear(x, up), down)
