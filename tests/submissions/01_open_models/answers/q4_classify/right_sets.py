# scores: all
def classify(artefacts, freedoms):
    public = {name for name, state in artefacts.items() if state}
    if "weights" not in public:
        return "closed"
    is_open = public.issuperset({"training_code", "data_information"})
    is_free = set(freedoms).issuperset({"use", "study", "modify", "share"})
    return "open source" if is_open and is_free else "open weights"
