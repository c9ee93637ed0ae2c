# scores: scaled-keeps=0
def scaled(lengths, factor):
    for i in range(len(lengths)):
        lengths[i] *= factor
    return lengths
