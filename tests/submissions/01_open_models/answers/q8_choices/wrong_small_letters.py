# scores: q8_header=0 q8_utilisation=0 q8_openness=0 q8_licence=0
choices = {}
choices["header"] = "b"
choices["utilisation"] = "c"
choices["openness"] = "d"
choices["licence"] = "a"
