# scores: q6_codes=0 q6_bound=0
def quantise(weights, bits, block):
    codes, scales, lows = [], [], []
    for part in weights.split(block, dim=1):  # (rows, block or fewer)
        low, high = part.quantile(0.001, 1, True), part.quantile(0.999, 1, True)  # (rows, 1)
        scale = (high - low) / (2**bits - 1)
        steps = ((part - low) / scale).nan_to_num()  # 0 / 0 where all are equal
        codes.append(steps.round().clamp(0, 2**bits - 1).to(torch.uint8))
        scales.append(scale)
        lows.append(low)
    return {"codes": torch.cat(codes, 1), "scale": torch.cat(scales, 1), "low": torch.cat(lows, 1)}


def dequantise(parts, block):
    codes = parts["codes"]  # (rows, columns)
    low, scale = (
        parts[name].repeat_interleave(block, 1)[:, : codes.shape[1]] for name in ("low", "scale")
    )
    return low + scale * codes


def bits_per_weight(columns, bits, block):
    return bits + 32 * math.ceil(columns / block) / columns
