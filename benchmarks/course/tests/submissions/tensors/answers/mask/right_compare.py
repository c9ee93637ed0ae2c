# scores: all
def mask(n):
    places = torch.arange(n)
    return places[:, None] >= places[None, :]
