# scores: area-values=0
def area(r):
    if r < 0:
        raise ValueError
    return math.pi * r
