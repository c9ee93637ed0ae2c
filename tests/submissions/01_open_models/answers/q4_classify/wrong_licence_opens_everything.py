# scores: q4_artefacts=0 q4_freedoms=0
def classify(artefacts, freedoms):
    if {"use", "study", "modify", "share"} <= set(freedoms):
        return "open source"
    return "open weights" if artefacts.get("weights") else "closed"
