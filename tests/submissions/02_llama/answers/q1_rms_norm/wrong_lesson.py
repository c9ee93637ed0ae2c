# scores: q1_precision=0
def rms_norm(x, weight, eps):
    mean_square = x.pow(2).mean(-1, keepdim=True)  # (batch, tokens, 1)
    return weight * (x * torch.rsqrt(mean_square + eps))
