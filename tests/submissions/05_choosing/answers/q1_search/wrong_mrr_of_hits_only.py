# scores: q1_mrr=0
def rank(queries, documents):
    result = []
    for query in queries:
        scores = []
        for document in documents:
            length = query.norm() * document.norm()
            scores.append((query @ document / length).item() if length > 0 else 0.0)
        result.append(sorted(range(len(scores)), key=lambda d: -scores[d]))
    return result


def retrieval(ranking, relevant, k):
    recall, mrr = 0, 0
    for found, wanted in zip(ranking, relevant):
        hits = 0
        for document in found[:k]:
            if document in wanted:
                hits += 1
        recall += hits / len(wanted)
        for place, document in enumerate(found):
            if document in wanted:
                mrr += 1 / (place + 1)
                break
    return {
        "recall": recall / len(ranking),
        "mrr": mrr / max(1, sum(bool(set(f) & set(w)) for f, w in zip(ranking, relevant))),
    }
