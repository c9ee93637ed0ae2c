# scores: all
def rank(queries, documents):
    q, d = queries.numpy().astype(float), documents.numpy().astype(float)
    lengths = np.linalg.norm(d, axis=1)
    lengths[lengths == 0] = 1  # its product with anything is 0 anyway
    return np.argsort(-(q @ d.T / lengths), axis=1, kind="stable").tolist()


def retrieval(ranking, relevant, k):
    recalls, reciprocals = [], []
    for found, wanted in zip(ranking, relevant):
        hit = np.isin(found, wanted)
        recalls.append(hit[:k].sum() / len(wanted))
        reciprocals.append(1 / (1 + hit.argmax()) if hit.any() else 0)
    return {"recall": float(np.mean(recalls)), "mrr": float(np.mean(reciprocals))}
