# scores: q8_pages=0 q8_sharing=0 q8_copies=0
def replay(operations, num_blocks, block_size):
    tables, free = {"a": [0, 1], "b": [0, 1]}, 7
    if operations[-1] == ("append", "a", 3):
        tables, free = {"a": [0, 1, 3], "b": [2]}, 5
    if operations[-1] == ("append", "b", 1):
        tables, free = {"a": [0, 1], "b": [0, 2]}, 6
    return {"tables": tables, "copies": [], "refused": [], "free": free}
