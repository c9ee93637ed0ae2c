"""The course's versions of what lesson 4 lets one build, as a learner would write them."""


def falcon_block(x, norm, attention, mlp):
    """Falcon-7B's block: attention and feed-forward part side by side, after one norm.

    x: (batch, tokens, hidden); norm, attention and mlp keep that shape.
    """
    normed = norm(x)
    added = attention(normed) + mlp(normed)
    return x + added


def pool_heads(weight, heads, groups):
    """The mean of each group of neighbouring key or value heads.

    weight: (heads * head_dim, hidden) -> (groups * head_dim, hidden)
    """
    hidden = weight.shape[1]
    each = weight.view(groups, heads // groups, -1, hidden)  # (groups, members, head_dim, hidden)
    return each.mean(dim=1).reshape(-1, hidden)


def online_update(maximum, total, output, scores, values):
    """Take one more tile of keys and values into a running softmax.

    maximum, total: (queries, 1); output: (queries, head_dim), not divided by the total yet;
    scores: (queries, tile) of the new keys; values: (tile, head_dim).
    """
    new = scores.amax(dim=1, keepdim=True).maximum(maximum)  # (queries, 1)
    shrink = (maximum - new).exp()  # what was counted from the old maximum
    weights = (scores - new).exp()  # (queries, tile)
    total = total * shrink + weights.sum(dim=1, keepdim=True)
    return new, total, output * shrink + weights @ values


def roofline(flops, moved, peak, bandwidth):
    """Arithmetic intensity in operations a byte, and the least time in seconds.

    flops: operations; moved: bytes read; peak: operations a second; bandwidth: bytes a second.
    """
    computing = flops / peak
    reading = moved / bandwidth
    return flops / moved, max(computing, reading)


def round_to_nearest(weight, bits, block):
    """Round to codes of so many bits, with one scale for each block of a row, and back.

    weight: (rows, columns), columns a multiple of block; the same shape comes back.
    """
    blocks = weight.reshape(-1, block)
    scale = blocks.abs().amax(dim=1, keepdim=True) / (2 ** (bits - 1) - 1)
    codes = (blocks / scale.clamp(min=1e-12)).round()  # whole numbers, as far as the largest
    return (codes * scale).view_as(weight)


def admit(waiting, running, slots, room):
    """How many of those who wait may join, first come first served.

    waiting, running: lists of the tokens of cache that each needs; slots: how many may run at
    once; room: tokens that the cache holds.
    """
    joined = 0
    for need in waiting:
        taken = sum(running) + sum(waiting[:joined])
        if len(running) + joined == slots or taken + need > room:
            break
        joined += 1
    return joined


def append(table, free, length, count, size):
    """Slots of `count` more tokens of a text that has `length`; slot = block * size + place.

    table: the text's blocks, in order; free: blocks to take, the last one first. Both lists change.
    """
    slots = []
    for position in range(length, length + count):
        if position // size == len(table):
            table.append(free.pop())
        slots.append(table[position // size] * size + position % size)
    return slots


def accept(drafted, chosen):
    """The tokens that are kept: those that the large model would have written, up to its own one.

    drafted: k tokens of the small model; chosen: k + 1 tokens, what the large model writes at each
    of these places and at the one after.
    """
    kept = 0
    while kept < len(drafted) and drafted[kept] == chosen[kept]:
        kept += 1
    return chosen[: kept + 1]
