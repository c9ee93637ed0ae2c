# scores: all
def quantise(weights, bits, block):
    rows, columns = weights.shape
    codes = torch.empty(rows, columns, dtype=torch.uint8)
    scales, lows = [], []
    for start in range(0, columns, block):
        part = weights[:, start : start + block].double()
        low, high = part.min(1).values, part.max(1).values
        scale = (high - low) / (2**bits - 1)
        values = low[:, None] + scale[:, None] * torch.arange(2**bits)  # (rows, codes)
        distance = (part[:, :, None] - values[:, None, :]).abs()
        codes[:, start : start + block] = distance.argmin(2).to(torch.uint8)
        scales.append(scale.float())
        lows.append(low.float())
    return {"codes": codes, "scale": torch.stack(scales, 1), "low": torch.stack(lows, 1)}


def dequantise(parts, block):
    columns = parts["codes"].shape[1]
    scale = torch.repeat_interleave(parts["scale"], block, dim=1)[:, :columns]
    low = torch.repeat_interleave(parts["low"], block, dim=1)[:, :columns]
    return parts["codes"].to(torch.float32) * scale + low


def bits_per_weight(columns, bits, block):
    stored = bits * columns
    for _ in range(math.ceil(columns / block)):
        stored += 16 + 16
    return stored / columns
