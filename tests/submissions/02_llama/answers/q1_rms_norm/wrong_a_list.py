# scores: q1_normalises=0 q1_epsilon=0 q1_precision=0
def rms_norm(x, weight, eps):
    wide = x.float()
    mean_square = (wide * wide).mean(dim=-1, keepdim=True)
    return ((wide / (mean_square + eps).sqrt()).to(x.dtype) * weight).tolist()
