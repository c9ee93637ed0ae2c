# scores: q3_osaid=0 q3_five=0 q3_unknown=0
def missing_artefacts(artefacts, criterion):
    if criterion == "five":
        return ["metrics"]
    if artefacts["weights"] is None:
        return ["weights"]
    return ["data_information", "training_code"]
