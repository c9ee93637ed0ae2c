# scores: q8_openness=0
choices = {}
choices["header"] = "B"
choices["utilisation"] = "C"
choices["openness"] = "A"
choices["licence"] = "A"
