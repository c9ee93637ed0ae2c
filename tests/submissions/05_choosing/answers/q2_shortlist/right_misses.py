# scores: all
def shortlist(models, filters):
    rules = {
        "is": lambda seen, value: seen == value,
        "at_most": lambda seen, value: seen <= value,
        "at_least": lambda seen, value: seen >= value,
        "contains": lambda seen, value: value in seen,
    }
    names = list(filters)
    failed = []  # for each model the numbers of the filters that it does not pass
    for model in models:
        failed.append([])
        for number, (field, rule, value) in enumerate(filters.values()):
            seen = model.get(field)
            if seen is None or not rules[rule](seen, value):
                failed[-1].append(number)
    left = [model["name"] for model, misses in zip(models, failed) if not misses]
    counts = [sum(not m or m[0] > number for m in failed) for number in range(len(names))]
    if left or not models:
        return {"left": left, "counts": counts, "emptied_by": None, "relax": []}
    alone = {misses[0] for misses in failed if len(misses) == 1}
    return {
        "left": left,
        "counts": counts,
        "emptied_by": names[max(misses[0] for misses in failed)],
        "relax": [names[number] for number in sorted(alone)],
    }
