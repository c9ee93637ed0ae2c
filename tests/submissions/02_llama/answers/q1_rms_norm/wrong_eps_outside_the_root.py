# scores: q1_epsilon=0
def rms_norm(x, weight, eps):
    wide = x.float()
    mean_square = (wide * wide).mean(dim=-1, keepdim=True)
    return (wide / (mean_square.sqrt() + eps)).to(x.dtype) * weight
