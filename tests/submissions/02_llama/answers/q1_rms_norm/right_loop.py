# scores: all
def rms_norm(x, weight, eps):
    rows = []
    for row in x.reshape(-1, x.shape[-1]):
        values = [float(value) for value in row]
        root = math.sqrt(sum(value**2 for value in values) / len(values) + eps)
        rows.append([value / root for value in values])
    return torch.tensor(rows).reshape(x.shape).to(x.dtype) * weight
