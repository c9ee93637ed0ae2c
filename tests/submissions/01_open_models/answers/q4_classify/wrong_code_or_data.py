# scores: q4_artefacts=0
def classify(artefacts, freedoms):
    if not artefacts.get("weights"):
        return "closed"
    published = artefacts.get("training_code") or artefacts.get("data_information")
    free = {"use", "study", "modify", "share"} <= set(freedoms)
    return "open source" if published and free else "open weights"
