# scores: q5_threshold=0 q5_outputs=0 q5_clauses=0
def decide(licence, use):
    if use["trains"] and licence["train_others"] == "no":
        return {"verdict": "no", "clauses": ["train_others"]}
    if use["users_before_release"] == [800_000_000]:
        return {"verdict": "ask", "clauses": ["user_limit"]}
    return {"verdict": "yes", "clauses": []}
