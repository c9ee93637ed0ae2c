# scores: q6_bound=0
def quantise(weights, bits, block):
    codes, scales, lows = [], [], []
    for part in weights.split(block, dim=1):
        low, high = part.aminmax(dim=1, keepdim=True)
        scale = (high - low) / (2**bits - 1)
        safe = scale = scale.clamp(min=1e-8)
        codes.append(((part - low) / safe).round().clamp(0, 2**bits - 1).byte())
        scales.append(scale)
        lows.append(low)
    return {"codes": torch.cat(codes, 1), "scale": torch.cat(scales, 1), "low": torch.cat(lows, 1)}


def dequantise(parts, block):
    which = torch.arange(parts["codes"].shape[1]) // block
    return parts["low"][:, which] + parts["scale"][:, which] * parts["codes"].float()


def bits_per_weight(columns, bits, block):
    return bits + 32 * math.ceil(columns / block) / columns
