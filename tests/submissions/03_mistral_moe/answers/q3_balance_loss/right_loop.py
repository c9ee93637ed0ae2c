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
