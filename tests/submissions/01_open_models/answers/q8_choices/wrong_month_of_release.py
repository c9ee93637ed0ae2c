# scores: q8_licence=0
choices = {}
choices["header"] = "B"
choices["utilisation"] = "C"
choices["openness"] = "D"
choices["licence"] = "C"
