# scores: all
def shape(logits, temperature, top_p):
    scores = logits.tolist()
    best = max(scores)
    if temperature == 0:
        kept = {scores.index(best): 1.0}
    else:
        odds = [math.exp((score - best) / temperature) for score in scores]
        kept, held = {}, 0.0
        for token in sorted(range(len(odds)), key=lambda token: -odds[token]):
            if held >= top_p * sum(odds):
                break
            kept[token] = odds[token]
            held += odds[token]
    total = sum(kept.values())
    result = [kept.get(token, 0.0) / total for token in range(len(scores))]
    return torch.tensor(result, dtype=logits.dtype)


def draw(probabilities, uniform):
    sums = probabilities.cumsum(0).tolist()
    possible = [token for token, p in enumerate(probabilities.tolist()) if p > 0]
    return next((token for token in possible if sums[token] > uniform), possible[-1])
