# scores: q2_rules=0 q2_counts=0 q2_emptied=0 q2_relax=0
def shortlist(models, filters):
    return {
        "left": ["Ada"] if len(filters) == 1 else [],
        "counts": [1, 0],
        "emptied_by": "language",
        "relax": ["memory", "language"],
    }
