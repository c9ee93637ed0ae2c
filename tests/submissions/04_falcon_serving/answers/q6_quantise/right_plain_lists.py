# scores: all
def quantise(weights, bits, block):
    codes, scales, lows = [], [], []
    for row in weights.tolist():
        blocks = [row[start : start + block] for start in range(0, len(row), block)]
        lows.append([min(one) for one in blocks])
        scales.append([(max(one) - min(one)) / (2**bits - 1) for one in blocks])
        codes.append(
            [
                round((number - low) / scale) if scale else 0
                for one, low, scale in zip(blocks, lows[-1], scales[-1], strict=True)
                for number in one
            ]
        )
    return {
        "codes": torch.tensor(codes, dtype=torch.uint8),
        "scale": torch.tensor(scales),
        "low": torch.tensor(lows),
    }


def dequantise(parts, block):
    codes, scales, lows = (parts[name].tolist() for name in ("codes", "scale", "low"))
    rows = [
        [low[n // block] + scale[n // block] * code for n, code in enumerate(row)]
        for row, scale, low in zip(codes, scales, lows, strict=True)
    ]
    return torch.tensor(rows)


def bits_per_weight(columns, bits, block):
    return float(bits) + 2 * 16 * math.ceil(columns / block) / columns
