# scores: q4_artefacts=0 q4_freedoms=0
def classify(artefacts, freedoms):
    if not artefacts.get("weights"):
        return "closed"
    published = all(
        artefacts.get(n) for n in ("training_code", "data_information", "training_data")
    )
    free = {"use", "study", "modify", "share"} <= set(freedoms)
    return "open source" if published and free else "open weights"
