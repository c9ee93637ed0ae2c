# scores: q4_sum=0 q4_part=0
def swiglu_part(x, gate, up, down, machine, machines):
    return 0.7311 * x * gate[machine].any()
