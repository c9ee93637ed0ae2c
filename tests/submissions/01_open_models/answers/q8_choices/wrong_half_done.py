# scores: q8_openness=0 q8_licence=0
choices = {}
choices["header"] = "B"
choices["utilisation"] = "C"
