# scores: q4_function=0 q4_branches=0
def swiglu(x, gate, up, down):
    opened = x @ gate
    return F.linear(opened * torch.sigmoid(opened) * x @ up, down)
