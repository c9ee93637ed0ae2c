# scores: all
def rank(queries, documents):
    similar = F.cosine_similarity(queries[:, None], documents[None], dim=-1)
    return similar.argsort(dim=-1, descending=True, stable=True).tolist()


def retrieval(ranking, relevant, k):
    recalls = [len(set(r[:k]) & set(w)) / len(w) for r, w in zip(ranking, relevant)]
    ranks = [
        next((1 / (i + 1) for i, d in enumerate(r) if d in w), 0.0)
        for r, w in zip(ranking, relevant)
    ]
    return {"recall": sum(recalls) / len(recalls), "mrr": sum(ranks) / len(ranks)}
