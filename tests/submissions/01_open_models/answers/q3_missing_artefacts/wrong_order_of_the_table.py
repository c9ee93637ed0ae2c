# scores: q3_osaid=0 q3_five=0
def missing_artefacts(artefacts, criterion):
    needed = {
        "osaid": ["weights", "training_code", "data_information"],
        "five": ["training_data", "weights", "evaluation_code", "fine_tuning_code", "metrics"],
    }
    if criterion not in needed:
        raise ValueError("unknown criterion")
    names = needed[criterion]
    return [name for name in names if not artefacts.get(name)]
