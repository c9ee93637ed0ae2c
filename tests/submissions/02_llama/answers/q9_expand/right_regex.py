# scores: all
def expand(state, every):
    import re

    result = {}
    for name, tensor in state.items():
        found = re.fullmatch(r"(model\.layers\.)(\d+)(\..*)", name)
        if not found:
            result[name] = tensor.clone()
            continue
        start, number, end = found[1], int(found[2]), found[3]
        rounds, place = divmod(number, every)
        result[f"{start}{rounds * (every + 1) + place}{end}"] = tensor.clone()
        if place == every - 1:
            factor = 0 if re.search(r"\b(o_proj|down_proj)\b", end) else 1
            result[f"{start}{(rounds + 1) * (every + 1) - 1}{end}"] = tensor * factor
    return result
