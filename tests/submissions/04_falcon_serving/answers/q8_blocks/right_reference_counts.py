# scores: all
def replay(operations, num_blocks, block_size):
    tables, lengths = {}, {}
    counts = [0] * num_blocks
    copies, refused = [], []

    def take():
        block = counts.index(0)
        counts[block] = 1
        return block

    for position, operation in enumerate(operations):
        if operation[0] == "fork":
            _, name, new = operation
            tables[new] = tables[name].copy()
            lengths[new] = lengths[name]
            for block in tables[new]:
                counts[block] += 1
        elif operation[0] == "drop":
            for block in tables.pop(operation[1]):
                counts[block] -= 1
            lengths.pop(operation[1])
        else:
            _, name, tokens = operation
            length = lengths.get(name, 0)
            table = tables.get(name, [])
            partly = length % block_size != 0
            copy = partly and counts[table[-1]] > 1
            room = block_size - length % block_size if partly else 0
            new_blocks = -(-max(0, tokens - room) // block_size)
            if new_blocks + copy > counts.count(0):
                refused.append(position)
                continue
            if copy:
                old = table.pop()
                counts[old] -= 1
                table.append(take())
                copies.append((old, table[-1]))
            for _ in range(new_blocks):
                table.append(take())
            tables[name], lengths[name] = table, length + tokens
    return {"tables": tables, "copies": copies, "refused": refused, "free": counts.count(0)}
