# scores: q8_header=0
choices = {}
choices["header"] = "D"
choices["utilisation"] = "C"
choices["openness"] = "D"
choices["licence"] = "A"
