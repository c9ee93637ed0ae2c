# scores: all
def split_heads(fused, heads, groups):
    each = heads // groups
    width = fused.shape[-1] // (heads + 2 * groups)
    order = np.arange(fused.shape[-1]).reshape(groups, each + 2, width)

    def pick(numbers, count):
        return fused[..., torch.from_numpy(numbers.reshape(-1).copy())].reshape(
            *fused.shape[:-1], count, width
        )

    return pick(order[:, :each], heads), pick(order[:, each], groups), pick(order[:, -1], groups)


def pool_groups(weight, heads, groups, new_groups):
    each = heads // groups
    array = weight.float().numpy().reshape(groups, each + 2, -1, weight.shape[1])
    query = array[:, :each].reshape(new_groups, heads // new_groups, -1, weight.shape[1])
    shared = array[:, each:].reshape(new_groups, -1, 2, *array.shape[2:])
    joined = np.concatenate([query, shared.mean(axis=1)], axis=1)
    return torch.from_numpy(joined.reshape(-1, weight.shape[1])).to(weight.dtype)
