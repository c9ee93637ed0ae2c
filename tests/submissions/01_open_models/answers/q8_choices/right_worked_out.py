# scores: all
choices = {}

first_byte = 8 + int.from_bytes(bytes.fromhex("3804000000000000"), "little") + 4608
choices["header"] = {4608: "A", 5696: "B", 5688: "C", 18956: "D"}[first_byte]

share = 2.50 / (1500 * 3600 * 0.60 / 1e6)
choices["utilisation"] = {24: "A", 46: "B", 77: "C"}[round(100 * share)]

definition, five = {"Bell", "Curie"}, {"Ada", "Curie", "Euler"}
counts = len(definition), len(five), len(definition & five)
choices["openness"] = {(3, 3, 2): "A", (2, 2, 1): "B", (1, 3, 1): "C", (2, 3, 1): "D"}[counts]

june = 648 + 45
choices["licence"] = {693: "A", 1020: "B", 719: "C", 648: "D"}[june]
