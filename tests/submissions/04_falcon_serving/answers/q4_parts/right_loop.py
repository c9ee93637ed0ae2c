# scores: all
def attend(scores, values):
    outputs, lses = [], []
    for row in scores.tolist():
        seen = [(score, key) for key, score in enumerate(row) if score > -math.inf]
        if not seen:
            outputs.append([0.0] * values.shape[1])
            lses.append(-math.inf)
            continue
        best = max(score for score, _ in seen)
        odds = {key: math.exp(score - best) for score, key in seen}
        total = sum(odds.values())
        columns = range(values.shape[1])
        outputs.append([sum(odds[k] * values[k, c].item() for k in odds) / total for c in columns])
        lses.append(best + math.log(total))
    output = torch.tensor(outputs, dtype=torch.float32).reshape(len(scores), values.shape[1])
    return output, torch.tensor(lses, dtype=torch.float32)


def merge(one, other):
    output, lse = one[0].clone(), one[1].clone()
    for query in range(len(lse)):
        a, b = one[1][query].item(), other[1][query].item()
        if b == -math.inf:
            continue
        if a == -math.inf:
            output[query], lse[query] = other[0][query], b
            continue
        share = 1 / (1 + math.exp(min(a - b, 700)))
        output[query] = (1 - share) * one[0][query] + share * other[0][query]
        lse[query] = max(a, b) + math.log1p(math.exp(-abs(a - b)))
    return output, lse
