# scores: all
LABELS = ("closed", "open weights", "open source")


def classify(artefacts, freedoms):
    weights = bool(artefacts.get("weights"))
    rest = all(artefacts.get(name) for name in ["training_code", "data_information"])
    free = all(name in freedoms for name in ["use", "study", "modify", "share"])
    return LABELS[weights + (weights and rest and free)]
