# scores: all
def swiglu_part(x, gate, up, down, machine, machines):
    rows = torch.arange(len(gate)).chunk(machines)[machine]
    opened = F.linear(x, gate[rows])
    return F.linear(opened * torch.sigmoid(opened) * F.linear(x, up[rows]), down[:, rows])
