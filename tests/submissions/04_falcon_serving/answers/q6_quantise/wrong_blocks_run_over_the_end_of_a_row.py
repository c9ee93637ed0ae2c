# scores: q6_bound=0
def quantise(weights, bits, block):
    rows, columns = weights.shape
    size = min(block, columns)
    table = torch.nn.functional.pad(weights.flatten(), (0, -weights.numel() % size))
    table = table.reshape(-1, size)
    low, high = table.aminmax(dim=1, keepdim=True)
    scale = (high - low) / (2**bits - 1)
    codes = ((table - low) / scale).nan_to_num().round().to(torch.uint8)
    codes = codes.flatten()[: weights.numel()].reshape(rows, columns)
    blocks = math.ceil(columns / size)
    more = torch.zeros(max(0, rows * blocks - len(low)), 1)
    scale, low = (torch.cat([one, more])[: rows * blocks] for one in (scale, low))
    return {"codes": codes, "scale": scale.reshape(rows, -1), "low": low.reshape(rows, -1)}


def dequantise(parts, block):
    codes = parts["codes"]
    low, scale = (
        parts[name].repeat_interleave(block, 1)[:, : codes.shape[1]] for name in ("low", "scale")
    )
    return low + scale * codes


def bits_per_weight(columns, bits, block):
    return bits + 32 * math.ceil(columns / block) / columns
