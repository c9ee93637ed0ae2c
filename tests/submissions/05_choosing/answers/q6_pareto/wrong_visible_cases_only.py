# scores: q6_front=0 q6_ties=0
def pareto(models):
    return [name for name in ("Ada", "Bento") if any(m["name"] == name for m in models)]
