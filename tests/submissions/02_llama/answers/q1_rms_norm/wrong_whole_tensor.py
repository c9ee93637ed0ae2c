# scores: q1_normalises=0
def rms_norm(x, weight, eps):
    wide = x.float()
    mean_square = (wide * wide).mean()
    return (wide / (mean_square + eps).sqrt()).to(x.dtype) * weight
