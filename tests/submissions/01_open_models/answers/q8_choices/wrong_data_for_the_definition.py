# scores: q8_openness=0
choices = {}
choices["header"] = "B"
choices["utilisation"] = "C"
choices["openness"] = "C"
choices["licence"] = "A"
