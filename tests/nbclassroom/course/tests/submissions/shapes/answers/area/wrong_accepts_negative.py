# scores: area-refuses=0
def area(r):
    return math.pi * r**2
