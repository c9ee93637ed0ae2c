# scores: q5_threshold=0 q5_outputs=0 q5_clauses=0
def decide(licence, use):
    return {"verdict": "ask", "clauses": ["user_limit"]}
