# scores: all
def quantise(weights, bits, block):
    rows, columns = weights.shape
    missing = -columns % block
    padded = torch.cat([weights, weights[:, -1:].expand(rows, missing)], 1)
    table = padded.reshape(rows, -1, block)
    low, high = table.amin(-1), table.amax(-1)
    scale = (high - low) / (2**bits - 1)
    divisor = torch.where(scale == 0, torch.ones_like(scale), scale)
    codes = ((table - low[..., None]) / divisor[..., None]).round()
    codes = codes.clamp(0, 2**bits - 1).to(torch.uint8).reshape(rows, -1)[:, :columns]
    return {"codes": codes, "scale": scale, "low": low}


def dequantise(parts, block):
    place = torch.arange(parts["codes"].shape[1]) // block
    return parts["low"][:, place] + parts["scale"][:, place] * parts["codes"].float()


def bits_per_weight(columns, bits, block):
    return bits + math.ceil(columns / block) * (16 + 16) / columns
