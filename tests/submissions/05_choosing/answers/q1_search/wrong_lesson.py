# scores: q1_cosine=0 q1_recall=0 q1_mrr=0
# What lesson 5 lets one build: one right answer for each question, found in its similarities.
def rank(queries, documents):
    raise NotImplementedError()


def retrieval(ranking, relevant, k):
    hits = 0
    for found, wanted in zip(ranking, relevant):
        hits += wanted[0] in found[:k]
    return {"recall": hits / len(relevant)}
