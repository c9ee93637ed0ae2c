# scores: q2_rules=0 q2_counts=0 q2_emptied=0 q2_relax=0
def shortlist(models, filters):
    def passes(model, field, rule, value):
        known = model.get(field)
        if known is None:
            return False
        if rule == "is":
            return known == value
        if rule == "at_most":
            return known <= value
        if rule == "at_least":
            return known >= value
        return value in known

    left = list(models)
    for model in [m for m in models if None in m.values()]:
        models.remove(model)
    counts = []
    emptied_by = None
    for name, (field, rule, value) in filters.items():
        before = len(left)
        left = [model for model in left if passes(model, field, rule, value)]
        counts.append(len(left))
        if before and not left:
            emptied_by = name
    relax = []
    if emptied_by is not None:
        for name in filters:
            others = [one for other, one in filters.items() if other != name]
            if any(all(passes(model, *one) for one in others) for model in models):
                relax.append(name)
    for model in [m for m in models if m not in left]:
        models.remove(model)
    return {
        "left": [model["name"] for model in left],
        "counts": counts,
        "emptied_by": emptied_by,
        "relax": relax,
    }
