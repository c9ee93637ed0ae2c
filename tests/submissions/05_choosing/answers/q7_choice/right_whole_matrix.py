# scores: all
def log_likelihood(logits, ids, start):
    wide = logits.double()
    log_probs = wide - wide.logsumexp(dim=1, keepdim=True)
    picked = log_probs[torch.arange(len(ids) - 1), ids[1:]]  # of every token but the first
    return picked[start - 1 :].sum().item()


def accuracy(items):
    result = {"acc": [], "acc_norm": []}
    for item in items:
        sums = torch.tensor(item["log_likelihoods"], dtype=torch.float64)
        lengths = torch.tensor([len(choice) for choice in item["choices"]])
        for key, scores in (("acc", sums), ("acc_norm", sums / lengths)):
            best = (scores == scores.max()).nonzero()[0].item()
            result[key].append(best == item["answer"])
    return {key: sum(right) / len(right) for key, right in result.items()}
