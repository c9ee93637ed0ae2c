# scores: all
import numpy as np


def decide(licence, use):
    names = np.array(["commercial", "user_limit", "train_others"])
    severity = np.array([2, 1, 2])
    model = use["trains"]
    if model is None:
        trains = False
    else:
        trains = {
            "yes": lambda: False,
            "no": lambda: model["family"] != licence["family"],
            "named": lambda: not model["name"].startswith(licence["name_prefix"]),
        }[licence["train_others"]]()
    limit = licence["user_limit"]
    applies = np.array(
        [
            use["commercial"] and not licence["commercial"],
            limit is not None and bool(np.sum(use["users_before_release"], dtype=np.int64) > limit),
            trains,
        ]
    )
    worst = int(severity[applies].max(initial=0))
    return {"verdict": ("yes", "ask", "no")[worst], "clauses": names[applies].tolist()}
