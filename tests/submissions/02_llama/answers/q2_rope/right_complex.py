# scores: all
def rope(x, positions, theta):
    half = x.shape[-1] // 2
    numbers = torch.complex(x[..., :half].contiguous(), x[..., half:].contiguous())
    frequencies = torch.tensor([theta ** (-i / half) for i in range(half)])
    angles = positions.float()[:, None] * frequencies
    numbers = numbers * torch.polar(torch.ones_like(angles), angles)
    return torch.cat([numbers.real, numbers.imag], dim=-1)
