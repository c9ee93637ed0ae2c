# scores: all
def rms_norm(x, weight, eps):
    size = torch.linalg.vector_norm(x.double(), dim=-1, keepdim=True) / math.sqrt(x.shape[-1])
    result = weight.double() * x.double() / torch.sqrt(size**2 + eps)
    return result.to(x.dtype)
