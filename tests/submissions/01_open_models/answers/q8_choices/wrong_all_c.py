# scores: q8_header=0 q8_openness=0 q8_licence=0
choices = {}
choices["header"] = "C"
choices["utilisation"] = "C"
choices["openness"] = "C"
choices["licence"] = "C"
