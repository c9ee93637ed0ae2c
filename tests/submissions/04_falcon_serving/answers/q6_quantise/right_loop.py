# scores: all
def quantise(weights, bits, block):
    rows, columns = weights.shape
    blocks = -(-columns // block)
    codes = torch.zeros(rows, columns, dtype=torch.uint8)
    scale, low = torch.zeros(rows, blocks), torch.zeros(rows, blocks)
    for r in range(rows):
        for b in range(blocks):
            one = weights[r, b * block : (b + 1) * block]
            low[r, b] = one.min()
            scale[r, b] = (one.max() - one.min()) / (2**bits - 1)
            if scale[r, b] > 0:
                steps = torch.round((one - low[r, b]) / scale[r, b])
                codes[r, b * block : (b + 1) * block] = steps.to(torch.uint8)
    return {"codes": codes, "scale": scale, "low": low}


def dequantise(parts, block):
    result = parts["codes"].float()
    for column in range(result.shape[1]):
        b = column // block
        result[:, column] = parts["low"][:, b] + parts["scale"][:, b] * result[:, column]
    return result


def bits_per_weight(columns, bits, block):
    blocks = -(-columns // block)
    return (columns * bits + blocks * 2 * 16) / columns
