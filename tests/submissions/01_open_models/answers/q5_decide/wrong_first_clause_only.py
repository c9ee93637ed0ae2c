# scores: q5_clauses=0
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
            rule == "named" and not model["name"].startswith(licence["name_prefix"])
        ):
            answers["train_others"] = "no"
    for clause, answer in answers.items():
        return {"verdict": answer, "clauses": [clause]}
    return {"verdict": "yes", "clauses": []}
