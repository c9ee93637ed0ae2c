# scores: all
def rope(x, positions, theta):
    d = x.shape[-1]
    result = x.clone()
    for token, position in enumerate(positions.tolist()):
        for i in range(d // 2):
            angle = position * theta ** (-2 * i / d)
            first, second = x[..., token, i], x[..., token, i + d // 2]
            result[..., token, i] = first * math.cos(angle) - second * math.sin(angle)
            result[..., token, i + d // 2] = second * math.cos(angle) + first * math.sin(angle)
    return result
