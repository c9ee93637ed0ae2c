# scores: all
def split_heads(fused, heads, groups):
    size = heads // groups + 2
    chunks = fused.chunk(groups, dim=-1)
    chunks = [chunk.unflatten(-1, (size, chunk.shape[-1] // size)) for chunk in chunks]
    query = torch.cat([chunk[..., : size - 2, :] for chunk in chunks], dim=-2)
    key = torch.cat([chunk[..., size - 2 : size - 1, :] for chunk in chunks], dim=-2)
    value = torch.cat([chunk[..., size - 1 :, :] for chunk in chunks], dim=-2)
    return query, key, value


def pool_groups(weight, heads, groups, new_groups):
    wide = weight.detach().to(torch.float32, copy=True)
    width = len(weight) // (heads + 2 * groups)
    size, join = heads // groups + 2, groups // new_groups
    keep = []
    for head in range(heads + 2 * groups):
        group, place = divmod(head, size)
        rows = slice(head * width, (head + 1) * width)
        if place < size - 2:
            keep.append(wide[rows])
        if place == size - 1 and group % join == join - 1:
            for back in (2, 1):
                total = torch.zeros_like(wide[rows])
                for other in range(group - join + 1, group + 1):
                    start = ((other + 1) * size - back) * width
                    total = total + wide[start : start + width]
                keep.append(total / join)
    return torch.cat(keep).to(weight.dtype)
