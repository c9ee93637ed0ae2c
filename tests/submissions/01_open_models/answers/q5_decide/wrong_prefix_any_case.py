# scores: q5_outputs=0
def decide(licence, use):
    answers = {}
    if use["commercial"] and not licence["commercial"]:
        answers["commercial"] = "no"
    limit = licence["user_limit"]
    if limit is not None and sum(use["users_before_release"]) > limit:
        answers["user_limit"] = "ask"
    model = use["trains"]
    if model is not None:
        rule = licence["train_others"]
        if (rule == "no" and model["family"] != licence["family"]) or (
            rule == "named" and not model["name"].lower().startswith(licence["name_prefix"].lower())
        ):
            answers["train_others"] = "no"
    verdict = "no" if "no" in answers.values() else "ask" if "ask" in answers.values() else "yes"
    return {"verdict": verdict, "clauses": list(answers)}
