# scores: q8_copies=0
def replay(operations, num_blocks, block_size):
    tables, lengths, copies, refused = {}, {}, [], []

    parents = {}

    def used():
        return {block for table in tables.values() for block in table}

    for position, operation in enumerate(operations):
        match operation:
            case "fork", name, new:
                tables[new], lengths[new] = list(tables[name]), lengths[name]
                parents[new] = name
            case "drop", name:
                del tables[name], lengths[name]
            case "append", name, tokens:
                table, length = list(tables.get(name, [])), lengths.get(name, 0)
                free = sorted(set(range(num_blocks)) - used())
                listed = [block for other in tables.values() for block in other]
                copied = (
                    length % block_size
                    and listed.count(table[-1]) > 1
                    and (name not in parents or parents[name] in tables)
                )
                wanted = math.ceil((length + tokens) / block_size)
                if bool(copied) + wanted - len(table) > len(free):
                    refused.append(position)
                    continue
                if copied:
                    copies.append((table[-1], free[0]))
                    table[-1] = free.pop(0)
                tables[name] = table + free[: wanted - len(table)]
                lengths[name] = length + tokens
    free = num_blocks - len(used())
    return {"tables": tables, "copies": copies, "refused": refused, "free": free}
