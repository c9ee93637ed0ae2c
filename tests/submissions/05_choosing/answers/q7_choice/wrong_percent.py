# scores: q7_acc=0
def log_likelihood(logits, ids, start):
    total = 0.0
    for place in range(start, len(ids)):
        row = F.log_softmax(logits[place - 1], dim=-1)
        total += row[ids[place]].item()
    return total


def accuracy(items):
    hits, hits_norm = 0, 0
    for item in items:
        sums, answer = item["log_likelihoods"], item["answer"]
        normed = [s / len(choice) for s, choice in zip(sums, item["choices"])]
        hits += sums.index(max(sums)) == answer
        hits_norm += normed.index(max(normed)) == answer
    return {"acc": 100 * hits / len(items), "acc_norm": hits_norm / len(items)}
