# scores: all
def scaled(lengths, factor):
    return list(map(lambda x: x * factor, lengths))
