# scores: q4_freedoms=0
def classify(artefacts, freedoms):
    if not artefacts.get("weights"):
        return "closed"
    published = artefacts.get("training_code") and artefacts.get("data_information")
    free = len(freedoms) >= 4
    return "open source" if published and free else "open weights"
