# scores: all
def quantise(weights, bits, block):
    r, c = weights.shape
    nb = math.ceil(c / block)
    pad = torch.full((r, nb * block), float("nan"))
    pad[:, :c] = weights
    b = pad.view(r, nb, block)
    low = torch.nan_to_num(b, nan=math.inf).min(2)[0]
    high = torch.nan_to_num(b, nan=-math.inf).max(2)[0]
    scale = (high - low) / (2**bits - 1)
    codes = torch.round((b - low[..., None]) / torch.clamp(scale, min=1e-38)[..., None])
    codes = torch.nan_to_num(codes).clamp(0, 2**bits - 1).byte().view(r, -1)[:, :c].contiguous()
    return {"low": low, "scale": scale, "codes": codes}


def dequantise(parts, block):
    c = parts["codes"].shape[1]
    out = torch.zeros(parts["codes"].shape)
    for j in range(0, c, block):
        out[:, j : j + block] = (
            parts["low"][:, [j // block]]
            + parts["codes"][:, j : j + block].float() * parts["scale"][:, [j // block]]
        )
    return out


def bits_per_weight(columns, bits, block):
    return (bits * columns + 32 * ((columns - 1) // block + 1)) / columns
