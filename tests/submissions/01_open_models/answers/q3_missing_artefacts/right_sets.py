# scores: all
NEEDED = {
    "osaid": {"weights", "training_code", "data_information"},
    "five": {"weights", "training_data", "evaluation_code", "fine_tuning_code", "metrics"},
}


def missing_artefacts(artefacts, criterion):
    try:
        needed = NEEDED[criterion]
    except KeyError:
        raise ValueError(criterion) from None
    public = {name for name, state in artefacts.items() if state}
    return sorted(needed - public)
