# scores: q8_utilisation=0
choices = {}
choices["header"] = "B"
choices["utilisation"] = "A"
choices["openness"] = "D"
choices["licence"] = "A"
