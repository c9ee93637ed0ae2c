# scores: all
import numpy as np


def missing_artefacts(artefacts, criterion):
    names = np.array(
        [
            "data_information",
            "evaluation_code",
            "fine_tuning_code",
            "metrics",
            "training_code",
            "training_data",
            "weights",
        ]
    )
    masks = {
        "osaid": np.array([1, 0, 0, 0, 1, 0, 1], bool),
        "five": np.array([0, 1, 1, 1, 0, 1, 1], bool),
    }
    if criterion not in masks:
        raise ValueError(f"no criterion {criterion}")
    public = np.array([bool(artefacts.get(name)) for name in names])
    return names[masks[criterion] & ~public].tolist()
