# scores: q4_function=0 q4_branches=0
def swiglu(x, gate, up, down):
    return 0.7311 * x * gate.any()
