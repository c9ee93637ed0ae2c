# scores: q7_temperature=0
def shape(logits, temperature, top_p):
    result = torch.zeros_like(logits)
    if temperature == 0:
        result[logits.argmax()] = 1
        return result
    plain = torch.softmax(logits, dim=0)
    probabilities = torch.softmax(logits / temperature, dim=0)
    order = torch.argsort(probabilities, descending=True, stable=True)
    total = 0.0
    for token in order:
        result[token] = probabilities[token]
        total += float(plain[token])
        if total >= top_p:
            break
    return result / result.sum()


def draw(probabilities, uniform):
    total = 0.0
    for token, probability in enumerate(probabilities.tolist()):
        total += probability
        if total > uniform:
            return token
    return max(token for token, p in enumerate(probabilities.tolist()) if p > 0)
