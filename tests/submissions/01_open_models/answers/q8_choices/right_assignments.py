# scores: all
choices = {}  # "header", "utilisation", "openness" and "licence" -> one of "A", "B", "C", "D"
choices["header"] = "B"
choices["utilisation"] = "C"
choices["openness"] = "D"
choices["licence"] = "A"
