# scores: q3_unknown=0
def missing_artefacts(artefacts, criterion):
    if criterion == "osaid":
        needed = ["data_information", "training_code", "weights"]
    else:
        needed = ["evaluation_code", "fine_tuning_code", "metrics", "training_data", "weights"]
    return [name for name in needed if not artefacts.get(name)]
