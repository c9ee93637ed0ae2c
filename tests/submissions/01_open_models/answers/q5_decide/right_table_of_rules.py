# scores: all
import math


def trains_against_the_rules(licence, use):
    model = use["trains"]
    if model is None or licence["train_others"] == "yes":
        return False
    if licence["train_others"] == "no":
        return model["family"] != licence["family"]
    prefix = licence["name_prefix"]
    return model["name"][: len(prefix)] != prefix


RULES = {
    "commercial": ("no", lambda licence, use: use["commercial"] > licence["commercial"]),
    "user_limit": (
        "ask",
        lambda licence, use: (
            sum(use["users_before_release"])
            > (math.inf if licence["user_limit"] is None else licence["user_limit"])
        ),
    ),
    "train_others": ("no", trains_against_the_rules),
}


def decide(licence, use):
    hits = {name: answer for name, (answer, applies) in RULES.items() if applies(licence, use)}
    severity = ["yes", "ask", "no"]
    verdict = max(hits.values(), key=severity.index, default="yes")
    return {"verdict": verdict, "clauses": list(hits)}
