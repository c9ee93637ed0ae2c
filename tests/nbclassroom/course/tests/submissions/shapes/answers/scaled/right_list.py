# scores: all
def scaled(lengths, factor):
    return [factor * x for x in lengths]
