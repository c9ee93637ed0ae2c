# scores: attention-values=0 attention-first=0
def attention(q, k, v):
    raise NotImplementedError("later")
