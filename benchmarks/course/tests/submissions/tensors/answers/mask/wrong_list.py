# scores: mask-values=0
def mask(n):
    return [[j <= i for j in range(n)] for i in range(n)]
