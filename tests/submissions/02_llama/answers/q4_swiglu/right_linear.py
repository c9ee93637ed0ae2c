# scores: all
def swiglu(x, gate, up, down):
    opened = F.linear(x, gate)
    return F.linear(opened * torch.sigmoid(opened) * F.linear(x, up), down)
