# scores: q8_header=0
choices = {}
choices["header"] = "A"
choices["utilisation"] = "C"
choices["openness"] = "D"
choices["licence"] = "A"
