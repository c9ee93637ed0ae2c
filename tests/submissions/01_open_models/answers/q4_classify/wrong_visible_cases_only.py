# scores: q4_artefacts=0 q4_freedoms=0
def classify(artefacts, freedoms):
    if freedoms == ["use"]:
        return "closed"
    return "open source" if len(freedoms) == 4 and artefacts["training_code"] else "open weights"
