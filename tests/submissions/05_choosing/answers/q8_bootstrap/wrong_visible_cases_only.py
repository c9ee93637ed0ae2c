# scores: q8_interval=0 q8_level=0 q8_paired=0
def bootstrap(right, indices, level=0.95):
    return [0.25, 0.75]


def paired_bootstrap(right_a, right_b, indices, level=0.95):
    return [0.0, 0.0]
