# scores: all
def quantise(weights, bits, block):
    codes, scales, lows = [], [], []
    for start in range(0, weights.shape[1], block):
        part = weights[:, start : start + block]
        low = part.min(1, keepdim=True).values
        scale = (part.max(1, keepdim=True).values - low) / (2**bits - 1)
        steps = torch.zeros_like(part)
        known = scale[:, 0] > 0
        steps[known] = ((part[known] - low[known]) / scale[known] + 0.5).floor()
        codes.append(steps.clamp(max=2**bits - 1).to(torch.uint8))
        scales.append(scale)
        lows.append(low)
    return {
        "codes": torch.hstack(codes),
        "scale": torch.hstack(scales),
        "low": torch.hstack(lows),
    }


def dequantise(parts, block):
    pieces = []
    for number, codes in enumerate(parts["codes"].split(block, 1)):
        scale, low = (parts[name][:, number : number + 1] for name in ("scale", "low"))
        pieces.append(torch.addcmul(low, scale, codes.float()))
    return torch.cat(pieces, 1)


def bits_per_weight(columns, bits, block):
    whole, rest = divmod(columns, block)
    return bits + 32 * (whole + bool(rest)) / columns
