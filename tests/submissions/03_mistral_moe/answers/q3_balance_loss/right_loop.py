# scores: all
def balance_loss(logits, k, mask=None):
    count = logits.shape[1]
    kept = [t for t in range(len(logits)) if mask is None or mask[t] == 1]
    share, probability = [0.0] * count, torch.zeros(count)
    for token in kept:
        row = logits[token]
        probability = probability + row.softmax(0) / len(kept)
        for number in row.topk(k).indices.tolist():
            share[number] += 1 / len(kept)
    return count * sum(share[number] * probability[number] for number in range(count))


def balance_gradient(logits, k):
    """By the rule for the derivative of a softmax, row by row."""
    tokens, count = logits.shape
    share = [0.0] * count
    for number in logits.topk(k).indices.flatten().tolist():
        share[number] += 1 / tokens
    rows = []
    for row in logits.softmax(1).tolist():
        mean = sum(p * s for p, s in zip(row, share, strict=True))
        rows.append([count / tokens * p * (s - mean) for p, s in zip(row, share, strict=True)])
    return torch.tensor(rows)
