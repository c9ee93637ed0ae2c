# scores: q8_utilisation=0
choices = {}
choices["header"] = "B"
choices["utilisation"] = "D"
choices["openness"] = "D"
choices["licence"] = "A"
