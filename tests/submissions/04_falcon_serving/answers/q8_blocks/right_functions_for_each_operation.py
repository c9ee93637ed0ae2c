# scores: all
def replay(operations, num_blocks, block_size):
    tables, filled, copies, refused = {}, {}, [], []

    def free_blocks():
        used = set()
        for table in tables.values():
            used.update(table)
        return [block for block in range(num_blocks) if block not in used]

    def append(position, name, tokens):
        table = tables.get(name, [])
        room = -filled.get(name, 0) % block_size
        sharers = [other for other in tables if other != name and table[-1:] == tables[other][-1:]]
        sharers += [
            other for other in tables if other != name and table and table[-1] in tables[other]
        ]
        free = free_blocks()
        copy = bool(room and sharers)
        blocks = math.ceil(max(0, tokens - room) / block_size)
        if copy + blocks > len(free):
            refused.append(position)
            return
        table = table[:]
        if copy:
            copies.append((table[-1], free[0]))
            table = [*table[:-1], free[0]]
        tables[name] = table + free[copy : copy + blocks]
        filled[name] = filled.get(name, 0) + tokens

    def fork(position, name, new):
        tables[new], filled[new] = tables[name][:], filled[name]

    def drop(position, name):
        del tables[name]
        del filled[name]

    for position, (what, *given) in enumerate(operations):
        {"append": append, "fork": fork, "drop": drop}[what](position, *given)
    return {
        "tables": tables,
        "copies": copies,
        "refused": refused,
        "free": len(free_blocks()),
    }
