# scores: all
def attention(q, k, v, q_positions, k_positions):
    order = k_positions.argsort()
    k, v, k_positions = k[:, order], v[:, order], k_positions[order]
    result = torch.empty_like(q)
    for head in range(len(q)):
        shared = head * len(k) // len(q)
        for number, position in enumerate(q_positions):
            count = int((k_positions <= position).sum())  # the first ones, now that they are sorted
            scores = k[shared, :count] @ q[head, number] / math.sqrt(q.shape[-1])
            result[head, number] = scores.softmax(0) @ v[shared, :count]
    return result
