# scores: all
def swiglu_part(x, gate, up, down, machine, machines):
    gate, up = (matrix.unflatten(0, (machines, -1))[machine] for matrix in (gate, up))
    down = down.unflatten(1, (machines, -1))[:, machine]
    z = torch.einsum("...h,ih->...i", x, gate)
    features = z / (1 + torch.exp(-z)) * torch.einsum("...h,ih->...i", x, up)
    return torch.einsum("...i,hi->...h", features, down)
