# scores: all
def decide(licence, use):
    clauses = []
    verdict = "yes"
    limit = licence["user_limit"]
    if limit is not None:
        users = 0
        for number in use["users_before_release"]:
            users += number
        if users > limit:
            clauses.append("user_limit")
            verdict = "ask"
    if use["commercial"] and not licence["commercial"]:
        clauses.insert(0, "commercial")
        verdict = "no"
    trained = use["trains"]
    if trained is not None:
        rule = licence["train_others"]
        if rule == "no" and trained["family"] != licence["family"]:
            clauses.append("train_others")
            verdict = "no"
        elif rule == "named" and not trained["name"].startswith(licence["name_prefix"]):
            clauses.append("train_others")
            verdict = "no"
    return {"verdict": verdict, "clauses": clauses}
