# scores: all
def route(logits, k):
    rows = logits.double().reshape(-1, logits.shape[-1]).tolist()
    weights, experts = [], []
    for row in rows:
        order = sorted(range(len(row)), key=lambda number: -row[number])[:k]
        odds = [math.exp(row[number] - row[order[0]]) for number in order]
        weights.append([value / sum(odds) for value in odds])
        experts.append(order)
    shape = (*logits.shape[:-1], k)
    return torch.tensor(weights).reshape(shape), torch.tensor(experts).reshape(shape)
