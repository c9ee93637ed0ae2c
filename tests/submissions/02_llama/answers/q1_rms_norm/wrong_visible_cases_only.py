# scores: q1_normalises=0 q1_epsilon=0 q1_precision=0
def rms_norm(x, weight, eps):
    return (x.float() / 12.5**0.5).to(x.dtype)
