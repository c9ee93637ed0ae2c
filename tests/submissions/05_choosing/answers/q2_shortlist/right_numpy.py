# scores: all
def shortlist(models, filters):
    table = np.zeros((len(models), len(filters)), dtype=bool)
    for row, model in enumerate(models):
        for column, (field, rule, value) in enumerate(filters.values()):
            seen = model.get(field)
            if seen is not None:
                compare = getattr(
                    operator, {"is": "eq", "at_most": "le", "at_least": "ge"}.get(rule, "contains")
                )
                table[row, column] = compare(seen, value)
    names = list(filters)
    after = np.logical_and.accumulate(table, axis=1)
    result = {
        "left": [model["name"] for model, row in zip(models, table) if row.all()],
        "counts": [int(count) for count in after.sum(0)],
        "emptied_by": None,
        "relax": [],
    }
    if models and not result["left"]:
        result["emptied_by"] = names[result["counts"].index(0)]
        for column, name in enumerate(names):
            if np.delete(table, column, axis=1).all(axis=1).any():
                result["relax"].append(name)
    return result
