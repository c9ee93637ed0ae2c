# scores: all
def classify(artefacts, freedoms):
    if artefacts.get("weights") is not True:
        return "closed"
    for name in ("training_code", "data_information"):
        if artefacts.get(name) is not True:
            return "open weights"
    for freedom in ("use", "study", "modify", "share"):
        if freedom not in freedoms:
            return "open weights"
    return "open source"
