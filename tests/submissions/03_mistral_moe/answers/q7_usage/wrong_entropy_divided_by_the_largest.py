# scores: q7_entropy=0
def load(experts, num_experts):
    slots = experts.flatten().tolist()
    return [slots.count(number) / len(slots) for number in range(num_experts)]


def entropy_bits(shares):
    return -sum(share * math.log2(share) for share in shares if share > 0) / math.log2(len(shares))


def load_by_domain(experts, domains, num_experts):
    loads = {}
    for domain in domains:
        rows = [row for row, name in enumerate(domains) if name == domain]
        loads[domain] = load(experts[rows], num_experts)
    return loads


def specialisation(experts, domains, num_experts):
    within = 0.0
    for domain, shares in load_by_domain(experts, domains, num_experts).items():
        within += domains.count(domain) / len(domains) * entropy_bits(shares)
    return entropy_bits(load(experts, num_experts)) - within
