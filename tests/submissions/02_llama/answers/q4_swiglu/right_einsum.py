# scores: all
def swiglu(x, gate, up, down):
    z = torch.einsum("...h,ih->...i", x, gate)
    features = z / (1 + torch.exp(-z)) * torch.einsum("...h,ih->...i", x, up)
    return torch.einsum("...i,hi->...h", features, down)
