# scores: all
def replay(operations, num_blocks, block_size):
    import copy

    state = {"tables": {}, "lengths": {}, "copies": []}
    refused = []

    def owners(block):
        return sum(block in table for table in state["tables"].values())

    def new_block():
        for block in range(num_blocks):
            if not owners(block):
                return block
        raise MemoryError

    def write_one(name):
        table = state["tables"].setdefault(name, [])
        length = state["lengths"].setdefault(name, 0)
        if length % block_size == 0:
            table.append(new_block())
        elif owners(table[-1]) > 1:
            fresh = new_block()
            state["copies"].append((table[-1], fresh))
            table[-1] = fresh
        state["lengths"][name] += 1

    for position, (what, name, *rest) in enumerate(operations):
        if what == "append":
            before = copy.deepcopy(state)
            try:
                for _ in range(rest[0]):
                    write_one(name)
            except MemoryError:
                state.update(before)
                refused.append(position)
        elif what == "fork":
            state["tables"][rest[0]] = list(state["tables"][name])
            state["lengths"][rest[0]] = state["lengths"][name]
        else:
            state["tables"].pop(name)
            state["lengths"].pop(name)
    used = set().union(*state["tables"].values())
    return {
        "tables": state["tables"],
        "copies": state["copies"],
        "refused": refused,
        "free": num_blocks - len(used),
    }
