# scores: all
def swiglu(x, gate, up, down):
    result = torch.zeros_like(x)
    for opened, proposed, back in zip(gate, up, down.T, strict=True):
        z = (x * opened).sum(-1, keepdim=True)
        result = result + F.silu(z) * (x * proposed).sum(-1, keepdim=True) * back
    return result
