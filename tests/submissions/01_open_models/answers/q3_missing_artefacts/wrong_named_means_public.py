# scores: q3_osaid=0 q3_five=0 q3_unknown=0
def missing_artefacts(artefacts, criterion):
    needed = {
        "osaid": ["data_information", "training_code", "weights"],
        "five": ["evaluation_code", "fine_tuning_code", "metrics", "training_data", "weights"],
    }
    if criterion not in needed:
        raise ValueError("unknown criterion")
    names = needed[criterion]
    return [name for name in names if name not in artefacts]
