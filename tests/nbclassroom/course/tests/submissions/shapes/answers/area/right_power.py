# scores: all
def area(r):
    if r < 0:
        raise ValueError("a radius is not negative")
    return math.pi * r**2
