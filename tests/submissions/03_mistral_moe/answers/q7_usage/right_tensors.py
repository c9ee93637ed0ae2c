# scores: all
def load(experts, num_experts):
    return F.one_hot(experts, num_experts).double().mean((0, 1)).tolist()


def entropy_bits(shares):
    shares = torch.tensor(shares, dtype=torch.float64)
    return (-torch.xlogy(shares, shares).sum() / math.log(2)).item()


def load_by_domain(experts, domains, num_experts):
    names = sorted(set(domains))
    numbers = torch.tensor([names.index(domain) for domain in domains])
    return {name: load(experts[numbers == n], num_experts) for n, name in enumerate(names)}


def specialisation(experts, domains, num_experts):
    """The mutual information of domain and expert: mean distance of a domain from the whole."""
    whole = load(experts, num_experts)
    bits = 0.0
    for domain, shares in load_by_domain(experts, domains, num_experts).items():
        gains = [s * math.log2(s / w) for s, w in zip(shares, whole, strict=True) if s > 0]
        bits += domains.count(domain) / len(domains) * sum(gains)
    return bits
