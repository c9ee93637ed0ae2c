# scores: q8_utilisation=0
choices = {}
choices["header"] = "B"
choices["utilisation"] = "B"
choices["openness"] = "D"
choices["licence"] = "A"
