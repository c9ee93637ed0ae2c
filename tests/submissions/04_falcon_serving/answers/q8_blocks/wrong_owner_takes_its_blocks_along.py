# scores: q8_sharing=0 q8_copies=0
def replay(operations, num_blocks, block_size):
    tables, lengths, copies, refused = {}, {}, [], []

    owner = {}

    def used():
        return {block for block, name in owner.items() if name in tables}

    for position, operation in enumerate(operations):
        match operation:
            case "fork", name, new:
                tables[new], lengths[new] = list(tables[name]), lengths[name]
            case "drop", name:
                del tables[name], lengths[name]
            case "append", name, tokens:
                table, length = list(tables.get(name, [])), lengths.get(name, 0)
                free = sorted(set(range(num_blocks)) - used())
                listed = [block for other in tables.values() for block in other]
                copied = length % block_size and listed.count(table[-1]) > 1
                wanted = math.ceil((length + tokens) / block_size)
                if bool(copied) + wanted - len(table) > len(free):
                    refused.append(position)
                    continue
                if copied:
                    copies.append((table[-1], free[0]))
                    owner[free[0]] = name
                    table[-1] = free.pop(0)
                for block in free[: wanted - len(table)]:
                    owner[block] = name
                tables[name] = table + free[: wanted - len(table)]
                lengths[name] = length + tokens
    free = num_blocks - len(used())
    return {"tables": tables, "copies": copies, "refused": refused, "free": free}
