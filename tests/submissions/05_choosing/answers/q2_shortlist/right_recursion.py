# scores: all
def shortlist(models, filters):
    def narrow(some, field, rule, value):
        some = [m for m in some if m.get(field) is not None]
        if rule == "contains":
            return [m for m in some if value in m[field]]
        if rule == "is":
            return [m for m in some if m[field] == value]
        sign = 1 if rule == "at_most" else -1
        return [m for m in some if sign * m[field] <= sign * value]

    steps = [list(models)]
    for one in filters.values():
        steps.append(narrow(steps[-1], *one))
    relax, emptied_by = [], None
    if steps[0] and not steps[-1]:
        emptied_by = next(name for name, step in zip(filters, steps[1:]) if not step)
        for dropped in filters:
            some = models
            for name, one in filters.items():
                if name != dropped:
                    some = narrow(some, *one)
            if some:
                relax.append(dropped)
    return {
        "left": [m["name"] for m in steps[-1]],
        "counts": [len(step) for step in steps[1:]],
        "emptied_by": emptied_by,
        "relax": relax,
    }
