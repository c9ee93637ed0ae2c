# scores: all
def quantise(weights, bits, block):
    table = weights.numpy().astype(np.float64)
    starts = np.arange(0, table.shape[1], block)
    low = np.minimum.reduceat(table, starts, axis=1)
    high = np.maximum.reduceat(table, starts, axis=1)
    scale = (high - low) / (2**bits - 1)
    place = np.arange(table.shape[1]) // block
    step = np.where(scale > 0, scale, 1)[:, place]
    codes = np.rint((table - low[:, place]) / step)
    return {
        "codes": torch.from_numpy(codes.astype(np.uint8)),
        "scale": torch.from_numpy(scale.astype(np.float32)),
        "low": torch.from_numpy(low.astype(np.float32)),
    }


def dequantise(parts, block):
    codes, scale, low = (parts[name].numpy() for name in ("codes", "scale", "low"))
    place = np.arange(codes.shape[1]) // block
    return torch.from_numpy((low[:, place] + scale[:, place] * codes).astype(np.float32))


def bits_per_weight(columns, bits, block):
    return bits + sum(32 for _ in range(0, columns, block)) / columns
