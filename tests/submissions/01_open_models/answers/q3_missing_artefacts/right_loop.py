# scores: all
def missing_artefacts(artefacts, criterion):
    if criterion == "osaid":
        needed = ["data_information", "training_code", "weights"]
    elif criterion == "five":
        needed = ["evaluation_code", "fine_tuning_code", "metrics", "training_data", "weights"]
    else:
        raise ValueError("osaid or five")
    missing = []
    for name in needed:
        if name not in artefacts or artefacts[name] is not True:
            missing.append(name)
    return missing
