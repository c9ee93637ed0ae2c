# scores: all
def log_likelihood(logits, ids, start):
    return -F.cross_entropy(logits[start - 1 : -1], ids[start:], reduction="sum").item()


def accuracy(items):
    def share(weight):
        right = [
            max(
                range(len(item["choices"])),
                key=lambda c: item["log_likelihoods"][c] / weight(item["choices"][c]),
            )
            == item["answer"]
            for item in items
        ]
        return sum(right) / len(right)

    return {"acc": share(lambda choice: 1), "acc_norm": share(len)}
