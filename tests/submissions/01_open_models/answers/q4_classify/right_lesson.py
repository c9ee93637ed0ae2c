# scores: all
# What lesson 1 lets one build; the four facts still have to be found.
def classify(weights, code, data_information, free_terms):
    if not weights:
        return "closed"
    if code and data_information and free_terms:
        return "open source"
    return "open weights"


lesson = classify


def classify(artefacts, freedoms):
    free = all(freedom in freedoms for freedom in ("use", "study", "modify", "share"))
    facts = [artefacts.get(name) for name in ("weights", "training_code", "data_information")]
    return lesson(*facts, free)
