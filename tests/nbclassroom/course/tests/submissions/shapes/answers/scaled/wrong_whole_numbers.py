# scores: scaled-values=0
def scaled(lengths, factor):
    return [int(x * factor) for x in lengths]
