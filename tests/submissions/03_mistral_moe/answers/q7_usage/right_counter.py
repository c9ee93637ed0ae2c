# scores: all
def load(experts, num_experts):
    from collections import Counter

    counts = Counter(experts.flatten().tolist())
    return [counts[number] / counts.total() for number in range(num_experts)]


def entropy_bits(shares):
    bits = 0.0
    for share in shares:
        bits -= share * math.log2(share) if share else 0
    return bits


def load_by_domain(experts, domains, num_experts):
    rows = {}
    for domain, row in zip(domains, experts, strict=True):
        rows.setdefault(domain, []).append(row)
    return {domain: load(torch.stack(found), num_experts) for domain, found in rows.items()}


def specialisation(experts, domains, num_experts):
    loads = load_by_domain(experts, domains, num_experts)
    mean = sum(entropy_bits(loads[domain]) for domain in domains) / len(domains)
    return entropy_bits(load(experts, num_experts)) - mean
