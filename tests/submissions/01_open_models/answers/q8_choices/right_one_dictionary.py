# scores: all
choices = {"header": "B", "utilisation": "C", "openness": "D", "licence": "A"}
