# scores: all
PI = math.pi


def area(r):
    if not r >= 0:
        raise ValueError
    return PI * r * r
