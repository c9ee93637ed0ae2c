# scores: q4_branches=0
def swiglu(x, gate, up, down):
    opened = F.linear(x, up)
    return F.linear(opened * torch.sigmoid(opened) * F.linear(x, gate), down)
